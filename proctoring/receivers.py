"""
The workflow wiring, read top to bottom: which signal leads to which service call.

The only file that connects signals.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from proctoring.services import delivery, exams, holds, inbox, reviews
from proctoring.signals import attempt_registered, audit_entries_written, outbox_filled, staff_action_confirmed
from proctoring.tasks import deliver_messages, run_staff_action, seal_audit_entries

# An exam changes: its vendor hears of it, also when the exam stops being proctored or goes to another vendor.


@receiver(pre_save, sender=ProctoredExam)
def compare_with_stored_exam(instance: ProctoredExam, raw: bool = False, **kwargs: Any) -> None:
    stored = ProctoredExam.objects.filter(pk=instance.pk).first()
    instance.was_proctored = stored is not None and stored.is_proctored
    if stored is not None and not raw:
        exams.leave_vendor(stored, instance)


@receiver(post_save, sender=ProctoredExam)
def tell_vendor_about_exam(instance: ProctoredExam, raw: bool = False, **kwargs: Any) -> None:
    if not raw and (instance.is_proctored or instance.was_proctored):
        exams.tell_vendor(instance)


@receiver(post_save, sender=ProctoredExamReviewPolicy)
@receiver(post_delete, sender=ProctoredExamReviewPolicy)
def tell_vendor_about_policy(instance: ProctoredExamReviewPolicy, raw: bool = False, **kwargs: Any) -> None:
    exam = ProctoredExam.get_exam_by_id(instance.proctored_exam_id)
    if not raw and exam is not None and exam.is_proctored:
        exams.tell_vendor(exam)


# A policy, an allowance or a review changes or goes: what it was is kept.


@receiver(pre_save, sender=ProctoredExamReviewPolicy)
@receiver(pre_delete, sender=ProctoredExamReviewPolicy)
@receiver(pre_save, sender=ProctoredExamStudentAllowance)
@receiver(pre_delete, sender=ProctoredExamStudentAllowance)
@receiver(pre_save, sender=ProctoredExamSoftwareSecureReview)
@receiver(pre_delete, sender=ProctoredExamSoftwareSecureReview)
def keep_previous_state(sender: Any, instance: Any, **kwargs: Any) -> None:
    stored = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    if stored is not None:
        stored.archived().save()


# An account or an exam goes, and much with it: not what a hold keeps.


@receiver(pre_delete, sender=get_user_model())
def keep_held_learner(instance: Any, **kwargs: Any) -> None:
    holds.keep_learner(instance)


@receiver(pre_delete, sender=ProctoredExam)
def keep_held_exam(instance: ProctoredExam, **kwargs: Any) -> None:
    holds.keep_exam(instance)


# A review is saved, by whatever: the attempt gets the status it means.


@receiver(post_save, sender=ProctoredExamSoftwareSecureReview)
def follow_review(instance: ProctoredExamSoftwareSecureReview, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        reviews.finish_review_workflow(instance)


# An attempt goes: its review is of the past, and does not decide anything again.


@receiver(post_delete, sender=ProctoredExamStudentAttempt)
def retire_review(instance: ProctoredExamStudentAttempt, **kwargs: Any) -> None:
    ProctoredExamSoftwareSecureReview.objects.filter(attempt_code=instance.attempt_code).update(is_attempt_active=False)


# A vendor has told us its id of an attempt: what it said before is applied now.


@receiver(attempt_registered)
def apply_early_messages(external_id: str, **kwargs: Any) -> None:
    inbox.retry_unmatched(external_id)


# Messages were written: the LMS hears at once, everybody else through the task queue.


@receiver(outbox_filled)
def do_lms_effects(here: list[int], **kwargs: Any) -> None:
    if here:
        delivery.deliver_lms_effects(here)


@receiver(outbox_filled)
def send_messages(away: list[int], **kwargs: Any) -> None:
    # Not retried here: a broker that is away must not keep a learner waiting, and the schedule comes round anyway.
    if away:
        deliver_messages.apply_async(args=[away], retry=False, ignore_result=True)


# Staff confirmed an action over many rows: the task queue does it.


@receiver(staff_action_confirmed)
def do_staff_action(action_id: int, **kwargs: Any) -> None:
    # Not retried here: the schedule comes round.
    run_staff_action.apply_async(args=[action_id], retry=False, ignore_result=True)


# Decisions or looks are on record: they are chained at once, in a transaction of their own.


@receiver(audit_entries_written)
def seal_entries(**kwargs: Any) -> None:
    # Not retried here: the schedule comes round.
    seal_audit_entries.apply_async(retry=False, ignore_result=True)
