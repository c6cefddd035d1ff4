"""Words for what the database holds, in templates of the apps' pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proctoring.services import wording

register = template.Library()
register.filter("status_words", wording.status_words)
register.filter("review_words", wording.review_words)
register.filter("onboarding_words", wording.onboarding_words)
register.filter("allowance_words", wording.allowance_words)
register.filter("mode_words", wording.mode_words)


@register.filter
def clock(seconds: int) -> str:
    """Seconds of a recording as it is shown by players: ``1:02:03``."""
    whole = max(int(seconds), 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@register.filter
def set_apart(text: str) -> SafeString:
    """A text that keeps its own direction in a sentence of the other one."""
    return format_html("<bdi>{}</bdi>", text)
