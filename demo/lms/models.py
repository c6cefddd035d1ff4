"""The demo LMS's tables. The course id and the content id are texts, as the exam app knows them."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UserProfile(models.Model):
    """
    Who a user is outside of the site; ``pending_name`` is the one that the user asks for, until identity verification
    confirms it. ``retired_at`` is when the user left for good.

    ``language`` and ``time_zone`` are for mail; empty means the site's.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    name = models.CharField(_("full name"), max_length=255)
    pending_name = models.CharField(_("name asked for"), max_length=255, blank=True, default="")
    language = models.CharField(_("language"), max_length=16, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return f"profile of user {self.user_id}"


class NameStatus(models.TextChoices):
    """What a verified name is worth."""

    PENDING = "pending", _("pending")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    DENIED = "denied", _("denied")


class VerifiedName(models.Model):
    """
    A name that identity verification says something about. It stands or falls with one verification: the photo
    verification or the plug-in's attempt of that id, never both.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="verified_names")
    verified_name = models.CharField(_("name"), max_length=255)
    profile_name = models.CharField(_("name in the profile"), max_length=255, null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=NameStatus, default=NameStatus.PENDING)
    verification_attempt_id = models.PositiveIntegerField(_("photo verification"), null=True, blank=True)
    platform_verification_attempt_id = models.PositiveIntegerField(_("plug-in's attempt"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-created", "-id"]
        verbose_name = _("verified name")
        verbose_name_plural = _("verified names")

    def __str__(self) -> str:
        return f"verified name {self.pk} of user {self.user_id}: {self.status}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.verification_attempt_id is not None and self.platform_verification_attempt_id is not None:
            raise ValueError("A verified name stands or falls with one verification.")
        super().save(*args, **kwargs)


class Course(models.Model):
    """A course run."""

    course_id = models.CharField(_("course id"), max_length=255, unique=True)
    display_name = models.CharField(_("name"), max_length=255)
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    escalation_email = models.EmailField(_("escalation address"), blank=True, default="")
    rejected_exam_costs_grade = models.BooleanField(_("a rejected exam costs the grade"), default=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return self.display_name


class SequenceKind(models.TextChoices):
    """What a sequence is to its learners."""

    PLAIN = "plain", _("lesson")
    TIMED = "timed", _("timed exam")
    PRACTICE = "practice", _("practice exam")
    ONBOARDING = "onboarding", _("onboarding exam")
    PROCTORED = "proctored", _("proctored exam")


class Sequence(models.Model):
    """A part of a course; ``backend`` names the vendor that watches, empty for none."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sequences")
    content_id = models.CharField(_("content id"), max_length=255, unique=True)
    display_name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=16, choices=SequenceKind, default=SequenceKind.PLAIN)
    backend = models.CharField(_("vendor"), max_length=64, blank=True, default="")
    time_limit_mins = models.PositiveIntegerField(_("time limit in minutes"), default=0)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    hide_after_due = models.BooleanField(_("hidden after the due date"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["course", "order", "id"]
        verbose_name = _("sequence")
        verbose_name_plural = _("sequences")

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_exam(self) -> bool:
        """Whether the exam app decides what is shown."""
        return self.kind != SequenceKind.PLAIN

    @property
    def is_proctored(self) -> bool:
        """Whether a vendor watches; practice and onboarding are rehearsals of that."""
        return self.kind in {SequenceKind.PRACTICE, SequenceKind.ONBOARDING, SequenceKind.PROCTORED}

    @property
    def is_practice_exam(self) -> bool:
        """Whether the exam is a rehearsal."""
        return self.kind in {SequenceKind.PRACTICE, SequenceKind.ONBOARDING}


class PersonalDueDate(models.Model):
    """A due date of one learner's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE)
    due = models.DateTimeField(_("due"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sequence"], name="demo_lms_due_date_once")]
        verbose_name = _("personal due date")
        verbose_name_plural = _("personal due dates")

    def __str__(self) -> str:
        return f"user {self.user_id}, sequence {self.sequence_id}"


class Question(models.Model):
    """A question with one right answer; case and outer spaces do not count."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveIntegerField(_("order"), default=0)
    prompt = models.CharField(_("question"), max_length=255)
    right_answer = models.CharField(_("right answer"), max_length=255)

    class Meta:
        ordering = ["sequence", "order", "id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.prompt

    def accepts(self, text: str) -> bool:
        """Whether ``text`` is the right answer."""
        return text.strip().casefold() == self.right_answer.strip().casefold()


class Answer(models.Model):
    """A learner's latest answer to a question."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(_("answer"), max_length=255, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "question"], name="demo_lms_answer_once")]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return f"user {self.user_id}, question {self.question_id}"


class EnrollmentMode(models.TextChoices):
    """What a learner is enrolled for."""

    AUDIT = "audit", _("audit")
    VERIFIED = "verified", _("verified")


MODES_WITH_PROCTORED_EXAMS = frozenset({EnrollmentMode.VERIFIED})


class Enrollment(models.Model):
    """A learner in a course."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrollments")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrollments")
    mode = models.CharField(_("mode"), max_length=16, choices=EnrollmentMode, default=EnrollmentMode.VERIFIED)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="demo_lms_enrollment_once")]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"user {self.user_id} in {self.course_id} ({self.mode})"


class CourseRole(models.Model):
    """A person's role in a course."""

    STAFF = "staff"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=16, choices=[(STAFF, _("course staff"))], default=STAFF)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course", "role"], name="demo_lms_role_once")]
        verbose_name = _("course role")
        verbose_name_plural = _("course roles")

    def __str__(self) -> str:
        return f"user {self.user_id}, {self.role} of {self.course_id}"


class CreditRequirement(models.Model):
    """Something that a course's credit asks for."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="credit_requirements")
    namespace = models.CharField(_("namespace"), max_length=64)
    name = models.CharField(_("name"), max_length=255)
    display_name = models.CharField(_("title"), max_length=255)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["course", "order", "id"]
        # The name is a content id, unique by itself; a longer key would not fit every database's index.
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="demo_lms_requirement_once")]
        verbose_name = _("credit requirement")
        verbose_name_plural = _("credit requirements")

    def __str__(self) -> str:
        return self.display_name


CREDIT_TEXTS: dict[str, Promise] = {
    "submitted": _("waiting for the review"),
    "satisfied": _("satisfied"),
    "failed": _("failed"),
    "declined": _("declined"),
}


class CreditRequirementStatus(models.Model):
    """Where a learner stands; ``writes`` counts how often that was told, so that a repeated effect shows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    requirement = models.ForeignKey(CreditRequirement, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(_("status"), max_length=32)
    writes = models.PositiveIntegerField(_("times written"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "requirement"], name="demo_lms_credit_once")]
        verbose_name = _("credit status")
        verbose_name_plural = _("credit statuses")

    def __str__(self) -> str:
        return f"user {self.user_id}: {self.status}"

    @property
    def status_text(self) -> str | Promise:
        """The status in words."""
        return CREDIT_TEXTS.get(self.status, self.status)


class SubsectionGrade(models.Model):
    """Points of a learner in a sequence; while overridden, the override counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE)
    earned = models.FloatField(_("earned"), default=0.0)
    possible = models.FloatField(_("possible"), default=0.0)
    overridden = models.BooleanField(_("overridden"), default=False)
    override_earned_all = models.FloatField(_("override, all"), null=True, blank=True)
    override_earned_graded = models.FloatField(_("override, graded"), null=True, blank=True)
    overrider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="grade_overrides"
    )
    comment = models.TextField(_("comment"), blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sequence"], name="demo_lms_grade_once")]
        verbose_name = _("grade")
        verbose_name_plural = _("grades")

    def __str__(self) -> str:
        return f"user {self.user_id}, sequence {self.sequence_id}: {self.counted}/{self.possible}"

    @property
    def counted(self) -> float:
        """The points that count."""
        return (self.override_earned_graded or 0.0) if self.overridden else self.earned


class CertificateStatus(models.TextChoices):
    """What a certificate is worth."""

    ISSUED = "issued", _("issued")
    INVALIDATED = "invalidated", _("invalidated")


class Certificate(models.Model):
    """A learner's certificate of a course."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    status = models.CharField(_("status"), max_length=16, choices=CertificateStatus, default=CertificateStatus.ISSUED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="demo_lms_certificate_once")]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return f"user {self.user_id}, {self.course_id}: {self.status}"


class Completion(models.Model):
    """A learner has completed a sequence."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sequence"], name="demo_lms_completion_once")]
        verbose_name = _("completion")
        verbose_name_plural = _("completions")

    def __str__(self) -> str:
        return f"user {self.user_id}, sequence {self.sequence_id}"


class SupportNotification(models.Model):
    """A request to support to look at a review."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    exam_name = models.CharField(_("exam"), max_length=255)
    student_username = models.CharField(_("learner"), max_length=150)
    review_status = models.CharField(_("review"), max_length=64)
    review_url = models.CharField(_("address of the review"), max_length=500)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("support notification")
        verbose_name_plural = _("support notifications")

    def __str__(self) -> str:
        return f"{self.exam_name}: {self.review_status}"


class TrackedEvent(models.Model):
    """An analytics event."""

    name = models.CharField(_("name"), max_length=255)
    data = models.JSONField(_("data"), encoder=DjangoJSONEncoder)
    context = models.JSONField(_("context"))
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return self.name
