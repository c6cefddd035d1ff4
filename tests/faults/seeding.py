"""``python -m tests.faults.seeding ATTEMPTS VERIFICATIONS FILE``: learners who are signed in, as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import django


def seed(attempts: int, verifications: int) -> dict[str, Any]:
    """The tables, the demo's course and exams, and a session for each learner of either kind."""
    # Models exist only now.
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    # And these.
    from demo.lms.models import Certificate, Enrollment, UserProfile
    from demo.lms.seeding.course import content_id, seed_course
    from demo.lms.seeding.exams import seed_exams
    from demo.lms.seeding.vendor import seed_vendor_account
    from proctoring.models import ProctoredExam
    from tests.faults.plans import ATTEMPT_NAME, VERIFICATION_NAME, full_name

    call_command("migrate", interactive=False, verbosity=0)
    course = seed_course()
    seed_vendor_account()
    seed_exams(course)
    exam = ProctoredExam.get_exam_by_content_id(course.course_id, content_id("proctored"))
    assert exam is not None
    names = [ATTEMPT_NAME.format(number) for number in range(attempts)]
    names += [VERIFICATION_NAME.format(number) for number in range(verifications)]
    # Hashing is slow on purpose; nobody signs in by it.
    password = make_password("demo")
    model = get_user_model()
    users = model.objects.bulk_create(
        [model(username=name, email=f"{name}@demo.invalid", password=password) for name in names]
    )
    UserProfile.objects.bulk_create([UserProfile(user=user, name=full_name(user.username)) for user in users])
    Enrollment.objects.bulk_create([Enrollment(user=user, course=course) for user in users])
    Certificate.objects.bulk_create([Certificate(user=user, course=course) for user in users])
    return {
        "exam": exam.pk,
        "sessions": {user.username: _session(user) for user in users},
    }


def _session(user: Any) -> str:
    # Models exist only now.
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    django.setup()
    Path(sys.argv[3]).write_text(json.dumps(seed(int(sys.argv[1]), int(sys.argv[2]))))
