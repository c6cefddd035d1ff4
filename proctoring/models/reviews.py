"""What a vendor, or our own staff, made of an attempt (contract python.md §1.8-1.10)."""

import json
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from model_utils.models import TimeStampedModel

from proctoring.models.attempts import ProctoredExamStudentAttempt
from proctoring.models.exams import ProctoredExam
from proctoring.statuses import SoftwareSecureReviewStatus


class ReviewContent(TimeStampedModel):
    """What a review and its archive rows have in common; the tables are shared by all vendors."""

    # False once the attempt has been deleted.
    is_attempt_active = models.BooleanField(default=True)
    # One of statuses.SoftwareSecureReviewStatus.
    review_status = models.CharField(max_length=255)
    # The vendor's message as JSON. Personal data: see ``payload`` for reading it.
    raw_data = models.TextField()
    encrypted_video_url = models.BinaryField(null=True)
    # Null: a machine judged. Deleting a staff account must not delete what it judged (contract python.md §9.3 no. 58).
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.SET_NULL)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.CASCADE)
    exam = models.ForeignKey(ProctoredExam, null=True, on_delete=models.CASCADE)

    class Meta:
        abstract = True

    @property
    def payload(self) -> dict[str, Any]:
        """The vendor's message; empty when it was blanked or is no JSON object."""
        try:
            content = json.loads(self.raw_data)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


class ProctoredExamSoftwareSecureReviewHistory(ReviewContent):
    """What a review was before it was changed or deleted."""

    attempt_code = models.CharField(max_length=255, db_index=True)

    class Meta:
        verbose_name = _("former review")
        verbose_name_plural = _("former reviews")
        # Ours, added by 0011.
        indexes = [models.Index(fields=["modified", "id"], name="proctoring_former_changed")]

    def __str__(self) -> str:
        return f"{self.exam_id}: former review, {self.review_status}"


class ProctoredExamSoftwareSecureReview(ReviewContent):
    """The review of an attempt, linked by the attempt's code because it outlives the attempt's row."""

    attempt_code = models.CharField(max_length=255, unique=True)
    # The attempt, where whoever saves the review holds its row; else what follows from saving looks for it.
    held_attempt: "ProctoredExamStudentAttempt | None" = None

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        # Ours, added by 0011.
        indexes = [models.Index(fields=["modified", "id"], name="proctoring_review_changed")]
        permissions = [
            ("review_attempts", _("Can decide on reviews and attempts")),
            ("view_review_payload", _("Can see what vendors say in reviews")),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id}: review, {self.review_status}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A review and what its saving leads to are one change, whoever saves it (contract python.md §9.2 no. 48)."""
        with transaction.atomic(using=kwargs.get("using"), savepoint=False):
            super().save(*args, **kwargs)

    @property
    def should_notify(self) -> bool:
        """Whether course staff should hear of it: suspicious, and no person has looked yet."""
        return self.review_status == SoftwareSecureReviewStatus.suspicious and self.reviewed_by_id is None

    @classmethod
    def get_review_by_attempt_code(cls, attempt_code: str | None) -> "ProctoredExamSoftwareSecureReview | None":
        """The review of an attempt, live or archived; user and exam are loaded."""
        reviews = cls.objects.select_related("exam", "student", "reviewed_by")
        return reviews.filter(attempt_code=attempt_code).first()

    def archived(self) -> ProctoredExamSoftwareSecureReviewHistory:
        """An unsaved archive row of this state; it gets an id and time stamps of its own."""
        return ProctoredExamSoftwareSecureReviewHistory(
            attempt_code=self.attempt_code,
            is_attempt_active=self.is_attempt_active,
            review_status=self.review_status,
            raw_data=self.raw_data,
            encrypted_video_url=self.encrypted_video_url,
            reviewed_by_id=self.reviewed_by_id,
            student_id=self.student_id,
            exam_id=self.exam_id,
        )


class ProctoredExamSoftwareSecureComment(TimeStampedModel):
    """A remark on a stretch of a recording, in seconds from its start."""

    review = models.ForeignKey(ProctoredExamSoftwareSecureReview, on_delete=models.CASCADE)
    start_time = models.IntegerField()
    stop_time = models.IntegerField()
    duration = models.IntegerField()
    comment = models.TextField()
    status = models.CharField(max_length=255)

    class Meta:
        db_table = "proctoring_proctoredexamstudentattemptcomment"
        verbose_name = _("review comment")
        verbose_name_plural = _("review comments")

    def __str__(self) -> str:
        return f"{self.review_id}: comment at {self.start_time} s"
