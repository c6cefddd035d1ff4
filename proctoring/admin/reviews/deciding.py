"""The second review: a person looks, sees what would follow, and decides with a reason (contract §4.3)."""

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.admin.refusals import RefusalsAsMessages
from proctoring.admin.reviews import looking
from proctoring.admin.reviews.filters import REVIEW_STATUSES
from proctoring.admin.reviews.lists import ReviewList
from proctoring.common.acting.records import MAX_REASON
from proctoring.exceptions import AttemptCodeNotUnique, ReviewChangedMeanwhile
from proctoring.models import ProctoredExamSoftwareSecureComment, ProctoredExamSoftwareSecureReview
from proctoring.services import audit, second_reviews
from proctoring.services.second_reviews import Decided
from proctoring.services.wording import status_words

DECIDE = "proctoring.review_attempts"


class CommentInline(admin.TabularInline):  # type: ignore[type-arg]
    """What the vendor's reviewer remarked, for reading."""

    model = ProctoredExamSoftwareSecureComment
    fields = ("start_time", "stop_time", "duration", "comment", "status")
    ordering = ("start_time", "id")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Comments are part of their review: who may see the one may see the others."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The result as a choice of four, why, and what the decision is about."""

    review_status = forms.ChoiceField(label=gettext_lazy("Review status"), choices=REVIEW_STATUSES)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Kept with the record and in the admin's log. Name no personal circumstances."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    decided: Decided | None = None

    def clean_reason(self) -> str:
        """One line."""
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self) -> dict[str, Any] | None:
        """What was typed is kept where the review is not as it was seen; under the lock it is asked once more."""
        cleaned = super().clean()
        with suppress(AttemptCodeNotUnique):
            now = second_reviews.seen(self.instance, second_reviews.attempt_of(self.instance))
            if "seen" in self.fields and self.cleaned_data.get("seen") != now:
                self.add_error(None, ReviewChangedMeanwhile().detail)
        return cleaned

    def _post_clean(self) -> None:
        """The review stays as it was read: the service decides, and a form with a mistake shows what is."""


@admin.register(ProctoredExamSoftwareSecureReview)
class ReviewAdmin(RefusalsAsMessages, ReviewList):
    """Saving makes the signed-in person the reviewer, and the result takes effect."""

    form = DecisionForm
    inlines = (CommentInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A review is changed by deciding, which has a permission of its own; and nobody decides unseen."""
        return self.has_view_permission(request, obj) and request.user.has_perm(DECIDE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody removes what was said of themselves."""
        return not _is_own(request, obj) and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: ProctoredExamSoftwareSecureReview) -> None:
        facts = {"exam": obj.exam_id, "learner": obj.student_id, "result": audit.code(obj.review_status or "")}
        with transaction.atomic():
            audit.record("review.removed", obj, actor=request.user, **facts)
            super().delete_model(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, Any]]:
        decision = ("review_status", "reason") if self.has_change_permission(request, obj) else ("review_status",)
        return [
            (_("Review"), {"fields": self.shown_to(request)}),
            (_("Decision"), {"fields": decision}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown_to(request)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        review = context["original"]
        context |= looking.at(review, request) | {"passes": False}
        attempt = context["attempt"]
        context["passes"] = looking.passes(review, attempt)
        context["remarks"] = looking.remarks(_comments(context))
        if self.has_change_permission(request, review) and "undecidable" not in context:
            context |= looking.what_follows(review, attempt, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: ProctoredExamSoftwareSecureReview, form: Any, change: bool) -> None:
        data = form.cleaned_data
        reviewer: Any = request.user
        form.decided = second_reviews.decide(
            obj,
            reviewer=reviewer,
            decision=data["review_status"],
            reason=data["reason"],
            looked_at=data["seen"],
        )
        # For the log, which names the review.
        obj.review_status = form.decided.prospect.decision
        level, sentence = _outcome(form.decided)
        self.message_user(request, sentence, level)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was decided and why; nothing else can have changed."""
        decided: Decided = form.decided
        return decided.logged(form.cleaned_data["reason"])

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """What came of it has been said already."""
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, obj)


def _is_own(request: HttpRequest, review: ProctoredExamSoftwareSecureReview | None) -> bool:
    user: Any = request.user
    return review is not None and second_reviews.is_about(user, review)


def _comments(context: Any) -> list[Any]:
    """The remarks that the page shows, which were read for it."""
    return [form.instance for inline in context["inline_admin_formsets"] for form in inline.formset.initial_forms]


def _outcome(decided: Decided) -> tuple[int, str]:
    told = decided.prospect.told
    if decided.status_before == decided.status_after:
        return messages.WARNING, told
    now = _("The attempt is now “%(status)s”.") % {"status": status_words(decided.status_after).label}
    return messages.SUCCESS, f"{now} {told}"
