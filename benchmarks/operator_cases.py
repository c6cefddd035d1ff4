"""The commands that are measured, and the rows that each is let loose on."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from django.contrib.auth import get_user_model

from benchmarks.operators import Case
from benchmarks.seeding import fill
from demo.lms.models import UserProfile
from proctoring.models import (
    ProctoredExam,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from verify_student.models import ManualVerification, SoftwareSecurePhotoVerification

User = get_user_model()
COURSE = "course-v1:Bench+EXAMS+2026"
EXPIRED = "date_trunc('day', now()) - interval '1 hour'"
NOWAIT = ("--sleep-time", "0")


def cases(rows: int, writes: int) -> list[Case]:
    """Commands that look at ``rows``, and those that change each of ``writes`` by itself."""
    dry = "--dry-run"
    return [
        Case("manual_verifications", rows, _manual),
        Case("approve_id_verifications --dry-run", rows, partial(_approve, more=(dry,))),
        Case("approve_id_verifications", writes, _approve),
        Case("retry_failed_photo_verifications --dry-run", rows, partial(_retry, more=(dry,))),
        Case("retry_failed_photo_verifications", writes, _retry),
        Case("trigger_softwaresecurephotoverifications_post_save_signal", rows, _trigger),
        Case("send_verification_expiry_email --dry-run", rows, partial(_expire, more=(dry,))),
        Case("send_verification_expiry_email", writes, _expire),
        Case("send_verification_reminders --dry-run", rows, partial(_remind, more=(dry,))),
        Case("import_allowances", writes, _import),
        Case("set_is_attempt_active", rows, _orphans),
        Case("expire_overdue_attempts --dry-run", rows, partial(_overdue, more=(dry,))),
        Case("expire_overdue_attempts", writes, _overdue),
    ]


def _people(rows: int) -> None:
    fill(User, rows, User(), id="n", username="'learner' || n", email="'learner' || n || '@bench.invalid'")
    fill(UserProfile, rows, UserProfile(), user_id="n", name="'Learner ' || n")


def _photos(rows: int, status: str, **columns: str) -> None:
    _people(rows)
    like = SoftwareSecurePhotoVerification(status=status, provider="local", photo_id_key="key")
    fill(SoftwareSecurePhotoVerification, rows, like, user_id="n", receipt_id="'receipt-' || n", **columns)


def _file(folder: Path, rows: int, line: str) -> str:
    path = folder / "input"
    with path.open("w") as lines:
        lines.writelines(line.format(n=number) + "\n" for number in range(1, rows + 1))
    return str(path)


def _manual(rows: int, folder: Path) -> Sequence[str]:
    _people(rows)
    fill(ManualVerification, 0, ManualVerification(status="approved"), user_id="n")
    return ["manual_verifications", "--email-ids-file", _file(folder, rows, "learner{n}@bench.invalid"), *NOWAIT]


def _approve(rows: int, folder: Path, more: Sequence[str] = ()) -> Sequence[str]:
    _photos(rows, "submitted", submitted_at="now()")
    return ["approve_id_verifications", _file(folder, rows, "{n}"), *NOWAIT, *more]


def _retry(rows: int, folder: Path, more: Sequence[str] = ()) -> Sequence[str]:
    _photos(rows, "must_retry", submitted_at="now()")
    return ["retry_failed_photo_verifications", *NOWAIT, *more]


def _trigger(rows: int, folder: Path) -> Sequence[str]:
    _photos(rows, "submitted")
    command = "trigger_softwaresecurephotoverifications_post_save_signal"
    return [command, "--start_date_time", "2000-01-01 00:00:00", *NOWAIT]


def _expire(rows: int, folder: Path, more: Sequence[str] = ()) -> Sequence[str]:
    _photos(rows, "approved", expiration_date=EXPIRED)
    return ["send_verification_expiry_email", *NOWAIT, *more]


def _remind(rows: int, folder: Path, more: Sequence[str] = ()) -> Sequence[str]:
    _photos(rows, "approved", expiration_date="now() + interval '5 days'")
    return ["send_verification_reminders", *NOWAIT, *more]


def _exam(rows: int) -> None:
    _people(rows)
    like = ProctoredExam(course_id=COURSE, content_id="exam", exam_name="Exam", time_limit_mins=90, is_active=True)
    fill(ProctoredExam, 1, like, id="n")


def _import(rows: int, folder: Path) -> Sequence[str]:
    _exam(rows)
    fill(ProctoredExamStudentAllowance, 0, ProctoredExamStudentAllowance(key="x", value="1"), user_id="n")
    path = folder / "allowances.csv"
    with path.open("w") as lines:
        lines.write("course_id,exam,user,key,value\n")
        lines.writelines(f"{COURSE},exam,learner{number},additional_time_granted,30\n" for number in range(1, rows + 1))
    return ["import_allowances", str(path), *NOWAIT]


def _orphans(rows: int, folder: Path) -> Sequence[str]:
    _exam(rows)
    like = ProctoredExamSoftwareSecureReview(review_status="Clean", raw_data="{}", exam_id=1)
    fill(ProctoredExamSoftwareSecureReview, rows, like, attempt_code="'gone-' || n", student_id="n", exam_id="1")
    return ["set_is_attempt_active", *NOWAIT]


def _overdue(rows: int, folder: Path, more: Sequence[str] = ()) -> Sequence[str]:
    _exam(rows)
    like = ProctoredExamStudentAttempt(status="started", allowed_time_limit_mins=90)
    times = {"started_at": "now() - interval '3 hours'", "deadline_at": "now() - interval '90 minutes'"}
    columns = {"user_id": "n", "proctored_exam_id": "1", "attempt_code": "'code-' || n", **times}
    fill(ProctoredExamStudentAttempt, rows, like, **columns)
    return ["expire_overdue_attempts", *NOWAIT, *more]
