"""What a learner is granted beyond an exam's rules (contract python.md §1.6-1.7)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from model_utils.models import TimeStampedModel

from proctoring.models.exams import ProctoredExam


class ProctoredExamStudentAllowanceHistory(TimeStampedModel):
    """What an allowance was before it was changed or removed."""

    allowance_id = models.IntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    proctored_exam = models.ForeignKey(ProctoredExam, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    value = models.CharField(max_length=255)
    multiplier = models.DecimalField(max_digits=6, decimal_places=3, null=True)

    class Meta:
        verbose_name = _("former allowance")
        verbose_name_plural = _("former allowances")
        indexes = [models.Index(fields=["created"], name="proctoring_former_created")]

    def __str__(self) -> str:
        return f"{self.proctored_exam_id}: {self.key} (allowance {self.allowance_id})"


class AllowanceQuerySet(models.QuerySet["ProctoredExamStudentAllowance"]):
    """Allowances, whose former states are kept however they are changed."""

    def update(self, **kwargs: Any) -> int:
        """Change rows in bulk, archiving each one's previous state: bulk updates send no signals."""
        with transaction.atomic(using=self.db):
            # By key, so that only allowances are locked and not the users and exams a filter joins.
            keys = list(self.values_list("pk", flat=True))
            previous = ProctoredExamStudentAllowance.objects.using(self.db).filter(pk__in=keys).order_by("pk")
            archive = ProctoredExamStudentAllowanceHistory.objects.using(self.db)
            archive.bulk_create([allowance.archived() for allowance in previous.select_for_update()])
            return super().update(**kwargs)


class ProctoredExamStudentAllowance(TimeStampedModel):
    """One kind of allowance of one learner for one exam; the value is always text."""

    # Pairs of (stored key, label).
    ADDITIONAL_TIME_GRANTED = ("additional_time_granted", _("Additional time (minutes)"))
    REVIEW_POLICY_EXCEPTION = ("review_policy_exception", _("Review policy exception"))
    # One four-element tuple: the shape clients of this attribute know.
    all_allowances: ClassVar = [ADDITIONAL_TIME_GRANTED + REVIEW_POLICY_EXCEPTION]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    proctored_exam = models.ForeignKey(ProctoredExam, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    value = models.CharField(max_length=255)
    # What the minutes in the value were made from, where they were granted as a multiple of the exam's time.
    multiplier = models.DecimalField(max_digits=6, decimal_places=3, null=True)

    objects = models.Manager.from_queryset(AllowanceQuerySet)()

    class Meta:
        unique_together = (("user", "proctored_exam", "key"),)
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        indexes = [models.Index(fields=["modified"], name="proctoring_allowance_changed")]

    def __str__(self) -> str:
        return f"{self.proctored_exam_id}: {self.key}"

    @classmethod
    def get_allowances_for_course(cls, course_id: str) -> "models.QuerySet[ProctoredExamStudentAllowance]":
        """Everybody's allowances for a course's exams, inactive ones too, oldest first; user and exam are loaded."""
        allowances = cls.objects.filter(proctored_exam__course_id=course_id)
        return allowances.select_related("user", "proctored_exam").order_by("id")

    @classmethod
    def get_allowance_for_user(cls, exam_id: int, user_id: int, key: str) -> "ProctoredExamStudentAllowance | None":
        """One allowance by its stored key."""
        return cls.objects.filter(proctored_exam_id=exam_id, user_id=user_id, key=key).first()

    @classmethod
    def get_allowances_for_user(cls, exam_id: int, user_id: int) -> "models.QuerySet[ProctoredExamStudentAllowance]":
        """A learner's allowances for an exam, oldest first; user and exam are loaded."""
        allowances = cls.objects.filter(proctored_exam_id=exam_id, user_id=user_id)
        return allowances.select_related("user", "proctored_exam").order_by("id")

    @classmethod
    def is_allowance_value_valid(cls, allowance_type: str, allowance_value: Any) -> bool:
        """Whether the value fits the kind: additional time is digits only, anything else is free (contract §1.6)."""
        if allowance_type == cls.ADDITIONAL_TIME_GRANTED[0]:
            # Text of ASCII digits: what every parser of numbers takes (contract python.md §9.6 no. 88).
            return isinstance(allowance_value, str) and allowance_value.isascii() and allowance_value.isdecimal()
        return True

    @classmethod
    def get_additional_time_granted(cls, exam_id: int, user_id: int) -> int | None:
        """Extra minutes, None without an allowance or when an old row holds no number."""
        allowance = cls.get_allowance_for_user(exam_id, user_id, cls.ADDITIONAL_TIME_GRANTED[0])
        return cls.minutes_in(allowance.value) if allowance else None

    @staticmethod
    def minutes_in(value: str) -> int | None:
        """The minutes that the value of an allowance of additional time says; None where it is no number."""
        # isdecimal rather than isdigit: the latter takes superscripts, which old rows may hold and int() refuses.
        return int(value) if value.isdecimal() else None

    @classmethod
    def get_review_policy_exception(cls, exam_id: int, user_id: int) -> str | None:
        """The text the vendor's reviewers get about this learner."""
        allowance = cls.get_allowance_for_user(exam_id, user_id, cls.REVIEW_POLICY_EXCEPTION[0])
        return allowance.value if allowance else None

    def archived(self) -> ProctoredExamStudentAllowanceHistory:
        """An unsaved archive row of this state; it gets time stamps of its own."""
        return ProctoredExamStudentAllowanceHistory(
            allowance_id=self.pk,
            user_id=self.user_id,
            proctored_exam_id=self.proctored_exam_id,
            key=self.key,
            value=self.value,
            multiplier=self.multiplier,
        )
