"""What operators have to know of this app; see ``proctoring.common.operations``."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from proctoring.common.http import breaker_state
from proctoring.common.operations import CAP, Count, Link, Section, Stuck, graded
from proctoring.common.operations.keys import Stored, keys_section, payloads
from proctoring.common.operations.usual import Tables, sections
from verify_student.conf import LOCAL, config
from verify_student.models import Contact, InboxDelivery, OutboxMessage, ScheduledRun, SoftwareSecurePhotoVerification
from verify_student.services.photos import rotation
from verify_student.statuses import WAITING
from verify_student.statuses import IDVerificationStatus as Status

# Learners are told that it takes some days.
PATIENCE = timedelta(days=5)
TABLES = Tables(InboxDelivery, OutboxMessage, Contact, ScheduledRun)


def report() -> list[Section]:
    """The app's sections. Nine statements, however much there is."""
    usual = sections(TABLES, _waiting_learners, schedules=config.schedules, breakers=_breakers())
    return [*usual, keys_section(lambda: config.keyring, [_photos(), payloads(InboxDelivery)])]


def _waiting_learners(now: datetime) -> Stuck:
    waiting = SoftwareSecurePhotoVerification.objects.filter(status__in=WAITING, status_changed__lt=now - PATIENCE)
    since = list(waiting.order_by("status_changed").values_list("status_changed", flat=True)[:CAP])
    oldest = since[0] if since else None
    return Stuck(
        key="verifications.waiting",
        what=_("Learners who have been waiting for a decision for more than %(days)d days") % {"days": PATIENCE.days},
        level=graded(oldest, now, PATIENCE),
        advice=_("Have somebody review the photos, or ask the provider."),
        link=Link("verify_student.softwaresecurephotoverification", {"status__exact": Status.submitted}),
        count=Count(len(since)),
        oldest=oldest,
    )


def _photos() -> Stored:
    older = _("`manage.py rotate_photo_keys` puts them under the key that encrypts.")
    return Stored("photos", _("Photos"), rotation.by_key(), older)


def _breakers() -> dict[str, str]:
    """The circuit breaker of the provider, in this process; the institution's own staff have none."""
    return {} if config.provider == LOCAL else {config.provider: breaker_state(config.provider)}
