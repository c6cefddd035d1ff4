"""
Local review: the queue, and the page on which somebody looks at face and ID side by side and decides.

Photos come through these views only: a permission and a record for every look, and no address of the storage.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from proctoring.common.admin import EstimatedPaginator
from proctoring.common.errors import DomainError
from verify_student import lms
from verify_student.admin.wording import LOOKED, lines_of, reason_groups, said
from verify_student.exceptions import PhotoNotAvailable, VerificationPermissionDenied
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification
from verify_student.serializers import photo_headers
from verify_student.services import access, local_review, looking
from verify_student.services.local_review import Outcome

Verification = SoftwareSecurePhotoVerification

PAGE_SIZE = 50
PURPOSE = "local review"
TEMPLATES = "admin/verify_student/softwaresecurephotoverification"
QUEUE, REVIEW, PHOTO = "verify_student_review_queue", "verify_student_review", "verify_student_photo"
NEXT = "verify_student_review_next"


class ReviewPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """The pages of local review, below those of the photo verifications."""

    change_list_template = f"{TEMPLATES}/change_list.html"
    change_form_template = f"{TEMPLATES}/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        # It reads from the photo storage, and the record of a look stays whatever comes of it.
        photo_view = transaction.non_atomic_requests(guarded(self.photo_view))
        return [
            path("queue/", guarded(self.queue_view), name=QUEUE),
            path("<int:verification_id>/review/", guarded(self.review_view), name=REVIEW),
            path("<int:verification_id>/next/", guarded(self.next_view), name=NEXT),
            path("<int:verification_id>/photo/<slug:kind>/", photo_view, name=PHOTO),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """What waits for our own staff, oldest first."""
        _require_viewer(request)
        page = EstimatedPaginator(local_review.waiting(request.user), PAGE_SIZE).get_page(request.GET.get("p"))
        return self._page(request, "queue.html", title=_("Photos that wait for review"), page=page)

    def review_view(self, request: HttpRequest, verification_id: int) -> HttpResponse:
        """The page with both photos; a POST is a decision, or an opinion."""
        _require_viewer(request)
        if request.method == "POST":
            return self._decide(request, verification_id)
        return self._review_page(request, _found(verification_id))

    def next_view(self, request: HttpRequest, verification_id: int) -> HttpResponse:
        """On to the next one, whatever has become of this one; to the queue where nobody waits for this reviewer."""
        _require_viewer(request)
        return self._on_to_next(request, _found(verification_id))

    def photo_view(self, request: HttpRequest, verification_id: int, kind: str) -> HttpResponse:
        """One photo. That it was looked at is in two records: the photo's, and the admin's own of this person."""
        _require_viewer(request)
        verification = _found(verification_id)
        if kind not in PhotoKind.values:
            raise Http404
        try:
            photo = looking.look(verification, PhotoKind(kind), by=request.user, purpose=PURPOSE)
        except PhotoNotAvailable:
            raise Http404 from None
        self.log_change(request, verification, str(LOOKED[PhotoKind(kind)]))
        return HttpResponse(photo.content, headers=photo_headers(kind, photo.content_type))

    def _decide(self, request: HttpRequest, verification_id: int) -> HttpResponse:
        try:
            with transaction.atomic():
                outcome = _outcome(request, verification_id)
                text = said(outcome, request.POST.getlist("reasons"))
                self.log_change(request, outcome.verification, text)
        except DomainError as refusal:
            return self._review_page(request, _found(verification_id), refusal)
        self.message_user(request, f"#{verification_id}: {text}", messages.SUCCESS)
        return self._on_to_next(request, outcome.verification)

    def _on_to_next(self, request: HttpRequest, verification: Verification) -> HttpResponse:
        following = local_review.next_for(request.user, verification)
        name, args = (REVIEW, [following.pk]) if following else (QUEUE, [])
        return HttpResponseRedirect(reverse(f"admin:{name}", args=args, current_app=self.admin_site.name))

    def _review_page(
        self, request: HttpRequest, verification: Verification, refusal: DomainError | None = None
    ) -> HttpResponse:
        opinions = list(local_review.opinions(verification))
        chosen = request.POST.getlist("reasons") if refusal else []
        answer = self._page(
            request,
            "review.html",
            title=_("Review of photos"),
            verification=verification,
            account_name=lms.profiles().get_full_name(verification.user),
            visible=looking.visible(verification),
            kinds=PhotoKind,
            choices=local_review.choices(verification),
            is_own=verification.user_id == request.user.pk,
            may_review=access.may_review(request.user, verification),
            takes_two=local_review.takes_two(verification),
            opinion_count=len(opinions),
            opinions=lines_of(opinions, request.user),
            reason_groups=reason_groups(chosen),
            refusal=refusal.detail if refusal else "",
        )
        answer.status_code = refusal.response_status if refusal else 200
        return answer

    def _page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{TEMPLATES}/{template}", shared | context)


def _require_viewer(request: HttpRequest) -> None:
    try:
        access.require_photo_viewer(request.user)
    except VerificationPermissionDenied:
        raise PermissionDenied from None


def _found(verification_id: int) -> Verification:
    related = ("user", "reviewing_user", "copy_id_photo_from")
    found = Verification.objects.select_related(*related).filter(pk=verification_id).first()
    if found is None:
        raise Http404
    return found


def _outcome(request: HttpRequest, verification_id: int) -> Outcome:
    """What comes of the pressed button. One that there is not is a denial without reasons, which is refused."""
    seen = request.POST.get("seen", "")
    if request.POST.get("decision") == "approve":
        return local_review.approve(verification_id, request.user, seen=seen)
    reasons: Sequence[str] = request.POST.getlist("reasons")
    return local_review.deny(verification_id, request.user, reasons, seen=seen)
