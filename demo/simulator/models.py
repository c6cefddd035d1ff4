"""What the vendor remembers, so that one that was killed goes on where it stopped."""

import uuid

from django.db import models
from django.utils import timezone

from demo.simulator.verdicts import State

APP_LABEL = "simulator"


def new_id() -> str:
    """An id as the vendor gives them out."""
    return uuid.uuid4().hex


class Exam(models.Model):
    """An exam as the LMS last described it."""

    external_id = models.CharField(max_length=64, unique=True)
    course_id = models.CharField(max_length=255, db_index=True)
    content_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    is_practice = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    time_limit_mins = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = APP_LABEL

    def __str__(self) -> str:
        return self.external_id


class Protocol(models.TextChoices):
    """How the LMS registered an attempt."""

    REST = "rest", "REST"
    SOFTWARE_SECURE = "software_secure", "Software Secure"


class Attempt(models.Model):
    """
    A learner at an exam; ``status`` is the furthest point the LMS told us of, ``review_status`` our verdict.

    Of the Software Secure protocol only: the LMS's ``code`` of it, the ``exam_url`` that the vendor's browser opens,
    and the ``registration`` as it came, which a review repeats.
    """

    external_id = models.CharField(max_length=64, unique=True)
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="attempts")
    user_id = models.CharField(max_length=255, db_index=True)
    email = models.CharField(max_length=255, blank=True, default="")
    full_name = models.CharField(max_length=255, blank=True, default="")
    lms_host = models.CharField(max_length=255, blank=True, default="")
    is_sample = models.BooleanField(default=False)
    status = models.CharField(max_length=32, default="created")
    review_status = models.CharField(max_length=32, blank=True, default="")
    registered_at = models.DateTimeField(default=timezone.now)
    protocol = models.CharField(max_length=16, choices=Protocol, default=Protocol.REST)
    code = models.CharField(max_length=255, blank=True, default="", db_index=True)
    exam_url = models.CharField(max_length=600, blank=True, default="")
    registration = models.JSONField(default=dict)

    class Meta:
        app_label = APP_LABEL

    def __str__(self) -> str:
        return self.external_id


class PlannedBehaviour(models.Model):
    """A plan for one attempt, learner or exam; ``spent`` names the faults that have been played."""

    scope = models.CharField(max_length=16)
    target = models.CharField(max_length=255)
    plan = models.JSONField()
    spent = models.JSONField(default=list)

    class Meta:
        app_label = APP_LABEL
        constraints = [models.UniqueConstraint(fields=["scope", "target"], name="simulator_plan_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.target}"


class Callback(models.Model):
    """
    Something still to tell the LMS, or told; ``status`` is the LMS's last answer, empty when there was none.

    ``verdict`` is that of a review in the words of plans, ``fault`` what is wrong with the message. Repetitions of a
    message share its ``delivery_id``.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="callbacks")
    kind = models.CharField(max_length=16)
    body = models.TextField()
    delivery_id = models.CharField(max_length=64, default=new_id)
    verdict = models.CharField(max_length=16, blank=True, default="")
    fault = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=16, default=State.PENDING)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True)

    class Meta:
        app_label = APP_LABEL
        indexes = [models.Index(fields=["state", "due_at"], name="simulator_callback_due")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.state})"


class KeptAnswer(models.Model):
    """The answer given to an idempotency key, for the next time the key comes."""

    key = models.CharField(max_length=255, unique=True)
    request = models.CharField(max_length=600)
    status = models.PositiveIntegerField()
    body = models.JSONField()

    class Meta:
        app_label = APP_LABEL

    def __str__(self) -> str:
        return f"{self.request} ({self.status})"


class JournalEntry(models.Model):
    """One HTTP call, ``in`` from the LMS or ``out`` to it. Neither bodies nor credentials are kept."""

    at = models.DateTimeField(default=timezone.now)
    direction = models.CharField(max_length=3)
    operation = models.CharField(max_length=32)
    attempt = models.CharField(max_length=64, blank=True, default="")
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=600)
    status = models.PositiveIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    key = models.CharField(max_length=255, blank=True, default="")
    duplicate = models.BooleanField(default=False)
    answer_lost = models.BooleanField(default=False)
    fault = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        app_label = APP_LABEL

    def __str__(self) -> str:
        return f"{self.direction} {self.method} {self.path}"
