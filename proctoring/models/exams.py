"""Exams and the notes for their reviewers (contract python.md §1.2-1.4)."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from model_utils.models import TimeStampedModel
from simple_history.models import HistoricalRecords

from proctoring.common.prepared import Prepared


class ProctoredExam(TimeStampedModel):
    """One special exam: a sequence of a course that is timed, practised or proctored."""

    course_id = models.CharField(max_length=255, db_index=True)
    content_id = models.CharField(max_length=255, db_index=True)
    # The vendor's id of the exam. Two vendors may choose the same one, hence not unique.
    external_id = models.CharField(max_length=255, null=True, db_index=True)
    exam_name = models.TextField()
    time_limit_mins = models.IntegerField()
    # Used only where the LMS keeps no date of its own for the exam.
    due_date = models.DateTimeField(null=True)
    is_proctored = models.BooleanField(default=False)
    is_practice_exam = models.BooleanField(default=False)
    is_active = models.BooleanField(default=False)
    hide_after_due = models.BooleanField(default=False)
    # The vendor's name in PROCTORING_BACKENDS; null means the configured default.
    backend = models.CharField(max_length=255, null=True, default=None)

    history = HistoricalRecords(table_name="proctoring_proctoredexamhistory")
    # Whether the stored row was proctored when this instance was last saved.
    was_proctored: bool

    class Meta:
        unique_together = (("course_id", "content_id"),)
        verbose_name = _("exam")
        verbose_name_plural = _("exams")

    def __str__(self) -> str:
        return f"{self.course_id}: {self.exam_name} ({'active' if self.is_active else 'inactive'})"

    @classmethod
    def get_exam_by_content_id(cls, course_id: str, content_id: str) -> "ProctoredExam | None":
        """The exam of one sequence of a course, active or not."""
        return next(iter(AT(course_id, content_id)), None)

    @classmethod
    def get_exam_by_id(cls, exam_id: int) -> "ProctoredExam | None":
        """The exam with this primary key, active or not."""
        return next(iter(BY_ID(exam_id)), None)

    @classmethod
    def get_all_exams_for_course(
        cls, course_id: str, active_only: bool = False, proctored_exams_only: bool = False
    ) -> "models.QuerySet[ProctoredExam]":
        """A course's exams, oldest first. ``proctored_exams_only`` means proctored and not for practice."""
        exams = cls.objects.filter(course_id=course_id)
        if active_only:
            exams = exams.filter(is_active=True)
        if proctored_exams_only:
            exams = exams.filter(is_proctored=True, is_practice_exam=False)
        return exams.order_by("id")

    @classmethod
    def get_practice_proctored_exams_for_course(cls, course_id: str) -> "models.QuerySet[ProctoredExam]":
        """A course's active practice and onboarding exams, oldest first."""
        return cls.objects.filter(
            course_id=course_id, is_active=True, is_practice_exam=True, is_proctored=True
        ).order_by("id")


class ProctoredExamReviewPolicyHistory(TimeStampedModel):
    """What a review policy said before it was changed or deleted. Rows are kept."""

    original_id = models.IntegerField(db_index=True)
    set_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    proctored_exam = models.ForeignKey(ProctoredExam, on_delete=models.CASCADE)
    review_policy = models.TextField()

    class Meta:
        verbose_name = _("former review policy")
        verbose_name_plural = _("former review policies")

    def __str__(self) -> str:
        return f"{self.proctored_exam_id}: review policy {self.original_id}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the archive of policies is append-only (contract python.md §1.4)."""
        raise NotImplementedError("The archive of review policies keeps its rows.")


class ProctoredExamReviewPolicy(TimeStampedModel):
    """Free text that tells the reviewers of an exam what is allowed."""

    set_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    proctored_exam = models.ForeignKey(ProctoredExam, on_delete=models.CASCADE)
    review_policy = models.TextField(default="")

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")

    def __str__(self) -> str:
        return f"{self.proctored_exam_id}: review policy"

    @classmethod
    def get_review_policy_for_exam(cls, exam_id: int) -> "ProctoredExamReviewPolicy | None":
        """
        The exam's policy.

        The table allows several rows for an exam and old races have left some: the newest counts, because the
        exam must stay usable (contract python.md §9.2 no. 42).
        """
        return next(iter(NEWEST_POLICY(exam_id)), None)

    def archived(self) -> ProctoredExamReviewPolicyHistory:
        """An unsaved archive row of this state; it gets time stamps of its own."""
        return ProctoredExamReviewPolicyHistory(
            original_id=self.pk,
            set_by_user_id=self.set_by_user_id,
            proctored_exam_id=self.proctored_exam_id,
            review_policy=self.review_policy,
        )


# Asked by nearly every request of a learner.
BY_ID: Prepared[ProctoredExam] = Prepared(lambda exam_id: ProctoredExam.objects.filter(pk=exam_id), int)
AT: Prepared[ProctoredExam] = Prepared(
    lambda course_id, content_id: ProctoredExam.objects.filter(course_id=course_id, content_id=content_id), str, str
)
NEWEST_POLICY: Prepared[ProctoredExamReviewPolicy] = Prepared(
    lambda exam_id: ProctoredExamReviewPolicy.objects.filter(proctored_exam_id=exam_id).order_by("-created", "-id")[:1],
    int,
)
