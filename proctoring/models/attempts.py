"""A learner's attempts at an exam (contract python.md §1.5)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from model_utils.models import TimeStampedModel
from simple_history.models import HistoricalRecords

from proctoring.conf import VERIFICATION_DAYS_VALID
from proctoring.models.exams import ProctoredExam
from proctoring.statuses import IN_PROGRESS, ONBOARDING_ERRORS, ProctoredExamStudentAttemptStatus


class AttemptQuerySet(models.QuerySet["ProctoredExamStudentAttempt"]):
    """The questions asked about attempts. Lists come with their user and exam loaded."""

    def newest_first(self) -> "AttemptQuerySet":
        """By creation; attempts created in the same instant by id, so that the order is always the same."""
        return self.select_related("user", "proctored_exam").order_by("-created", "-id")

    def without_learner(self) -> "AttemptQuerySet":
        """With the exam alone loaded, for whoever knows the learner already or needs none."""
        return self.select_related(None).select_related("proctored_exam")

    def last_changed_first(self) -> "AttemptQuerySet":
        """By modification, then by id."""
        return self.select_related("user", "proctored_exam").order_by("-modified", "-id")

    def _single(self, **lookup: Any) -> "ProctoredExamStudentAttempt | None":
        # An unknown or absent key must not match the rows whose column is empty.
        if not all(lookup.values()):
            return None
        try:
            return self.select_related("user", "proctored_exam").get(**lookup)
        except self.model.DoesNotExist:
            return None

    def get_current_exam_attempt(self, exam_id: int, user_id: int) -> "ProctoredExamStudentAttempt | None":
        """The latest attempt of a learner at an exam."""
        return self.get_user_attempts_by_exam_id(user_id, exam_id).first()

    def get_exam_attempt_by_id(self, attempt_id: int) -> "ProctoredExamStudentAttempt | None":
        """The attempt with this primary key."""
        return self._single(pk=attempt_id)

    def get_exam_attempt_by_code(self, attempt_code: str | None) -> "ProctoredExamStudentAttempt | None":
        """
        The attempt with this code; None for no code.

        Raises ``MultipleObjectsReturned`` when several rows carry it: picking one would be a guess.
        """
        return self._single(attempt_code=attempt_code)

    def get_exam_attempt_by_external_id(self, external_id: str | None) -> "ProctoredExamStudentAttempt | None":
        """The attempt a vendor knows by this id; None for no id. Raises ``MultipleObjectsReturned`` as above."""
        return self._single(external_id=external_id)

    def get_all_exam_attempts(self, course_id: str) -> "AttemptQuerySet":
        """A course's attempts, newest first."""
        return self.filter(proctored_exam__course_id=course_id).newest_first()

    def get_all_exam_attempts_by_exam_id(self, exam_id: int) -> "AttemptQuerySet":
        """An exam's attempts, oldest first."""
        return self.filter(proctored_exam_id=exam_id).select_related("user", "proctored_exam").order_by("id")

    def get_proctored_practice_attempts_by_course_id(
        self, course_id: str, users: Collection[Any] | None = None
    ) -> "AttemptQuerySet":
        """Proctored attempts at a course's active practice exams, last changed first; of ``users`` only, when any."""
        attempts = self.filter(
            proctored_exam__course_id=course_id,
            proctored_exam__is_active=True,
            proctored_exam__is_practice_exam=True,
            taking_as_proctored=True,
        )
        if users:
            attempts = attempts.filter(user__in=users)
        return attempts.last_changed_first()

    def get_last_verified_proctored_onboarding_attempts(
        self, users: Collection[Any], proctoring_backend: str
    ) -> "AttemptQuerySet":
        """Verified onboarding attempts that still count with a vendor, in any course, last verified first."""
        recent: AttemptQuerySet = (
            self.verified_onboarding(users, proctoring_backend)
            .filter(verified_at__gt=timezone.now() - timedelta(days=VERIFICATION_DAYS_VALID))
            .order_by("-verified_at", "-id")
        )
        return recent.select_related("user", "proctored_exam")

    def verified_onboarding(self, users: Collection[Any], proctoring_backend: str) -> Any:
        """Verified onboarding attempts with a vendor, in any course, with ``verified_at``."""
        return self.filter(
            user__in=users,
            proctored_exam__backend=proctoring_backend,
            proctored_exam__is_practice_exam=True,
            taking_as_proctored=True,
            status=ProctoredExamStudentAttemptStatus.verified,
        ).with_verified_at()

    def with_verified_at(self) -> "AttemptQuerySet":
        """
        With ``verified_at``: the instant since which an attempt is verified, None for those that are not.

        The history tells; ``modified`` moves with every save (contract python.md §9.1 no. 31) and is only used for
        rows without a history.
        """
        verified = ProctoredExamStudentAttemptStatus.verified
        history = self.model.history.all()
        left_again = history.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id")).exclude(status=verified)
        since = history.filter(~Exists(left_again), id=OuterRef("pk"), status=verified).order_by("history_id")
        known = Coalesce(Subquery(since.values("history_date")[:1]), F("modified"), output_field=models.DateTimeField())
        # Django's own types would have annotations be part of the row's type, and the model names this one itself.
        attempts: Any = self
        annotated: AttemptQuerySet = attempts.annotate(verified_at=Case(When(status=verified, then=known)))
        return annotated

    def get_filtered_exam_attempts(self, course_id: str, search_by: str) -> "AttemptQuerySet":
        """A course's attempts whose learner's username or e-mail contains the text, newest first."""
        matches = Q(user__username__contains=search_by) | Q(user__email__contains=search_by)
        return self.get_all_exam_attempts(course_id).filter(matches)

    def get_proctored_exam_attempts(self, course_id: str, username: str) -> "AttemptQuerySet":
        """A learner's attempts at a course's real proctored exams, last completed first."""
        attempts = self.filter(
            proctored_exam__course_id=course_id,
            user__username=username,
            taking_as_proctored=True,
            is_sample_attempt=False,
        )
        return attempts.select_related("user", "proctored_exam").order_by("-completed_at", "-id")

    def get_active_student_attempts(self, user_id: int, course_id: str | None = None) -> "AttemptQuerySet":
        """A learner's attempts in progress, newest first. Neither the clock nor the exam's activity is considered."""
        attempts = self.filter(user_id=user_id, status__in=IN_PROGRESS)
        if course_id:
            attempts = attempts.filter(proctored_exam__course_id=course_id)
        return attempts.newest_first()

    def get_active_or_at(self, user_id: int, course_id: str, content_id: str) -> "AttemptQuerySet":
        """What :meth:`get_active_student_attempts` finds, and the learner's attempts at one exam, newest first."""
        here = Q(proctored_exam__course_id=course_id, proctored_exam__content_id=content_id)
        return self.filter(Q(status__in=IN_PROGRESS) | here, user_id=user_id).newest_first()

    def get_user_attempts_by_exam_id(self, user_id: int, exam_id: int) -> "AttemptQuerySet":
        """A learner's attempts at an exam, newest first."""
        return self.filter(user_id=user_id, proctored_exam_id=exam_id).newest_first()

    def clear_onboarding_errors(self, user_id: int) -> None:
        """Delete a learner's attempts that failed for want of onboarding. Telling vendors is the caller's part."""
        self.filter(user_id=user_id, status__in=ONBOARDING_ERRORS).delete()


class ProctoredExamStudentAttempt(TimeStampedModel):
    """One attempt. Its status is written by the transition service and nobody else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    proctored_exam = models.ForeignKey(ProctoredExam, on_delete=models.CASCADE)
    # Set once, when the clock starts.
    started_at = models.DateTimeField(null=True)
    # Set when the attempt is submitted.
    completed_at = models.DateTimeField(null=True)
    # Our own id of the attempt towards learners and vendors.
    attempt_code = models.CharField(max_length=255, null=True, db_index=True)
    # The vendor's id of the attempt.
    external_id = models.CharField(max_length=255, null=True, db_index=True)
    # Computed when the clock starts.
    allowed_time_limit_mins = models.IntegerField(null=True)
    # The instant the time is over; null before the start, and on rows of an old release (see services.timing.deadline).
    deadline_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=64)
    taking_as_proctored = models.BooleanField(default=False)
    is_sample_attempt = models.BooleanField(default=False)
    # The policy in force at creation; it may have been archived since, hence no foreign key.
    review_policy_id = models.IntegerField(null=True)
    # The learner chose to see the exam after its due date.
    is_status_acknowledged = models.BooleanField(default=False)
    # Stored on an error, inherited by the attempt that resumes this one.
    time_remaining_seconds = models.IntegerField(null=True)
    is_resumable = models.BooleanField(default=False)
    ready_to_resume = models.BooleanField(default=False)
    resumed = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(AttemptQuerySet)()
    history = HistoricalRecords(table_name="proctoring_proctoredexamstudentattempt_history")
    # Whoever saves a row may say who did it and why; the history reads it.
    _history_user: Any
    _change_reason: str
    # Only on rows that were asked for with ``with_verified_at``.
    verified_at: datetime | None

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["status", "deadline_at"], name="proctoring_attempt_deadline"),
            # Lists of a course: those of each exam in the order of their making, and a learner's at an exam.
            models.Index(fields=["proctored_exam", "created"], name="proctoring_attempt_of_exam"),
            models.Index(fields=["proctored_exam", "status", "created"], name="proctoring_attempt_by_status"),
            models.Index(fields=["proctored_exam", "user", "created"], name="proctoring_attempt_of_pair"),
            # Lists of all attempts, last changed first.
            models.Index(fields=["modified", "id"], name="proctoring_attempt_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.proctored_exam_id}: attempt {self.pk} ({self.status})"

    @classmethod
    def get_historic_attempt_by_code(cls, attempt_code: str | None) -> "ProctoredExamStudentAttempt | None":
        """The last known state of an attempt, deleted or not, as an unsaved instance; None for an unknown code."""
        if not attempt_code:
            return None
        rows = cls.history.filter(attempt_code=attempt_code)
        row = rows.order_by("-modified", "-history_date", "-history_id").first()
        return row.instance if row else None

    def delete_exam_attempt(self) -> None:
        """Delete the row; the history keeps what it was. Telling vendors and the LMS is the caller's part."""
        self.delete()
