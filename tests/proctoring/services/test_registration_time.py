"""A learner waits for a vendor as long as the site says, whatever the vendor spends the time on."""

import json
import threading
import time

import pytest

from proctoring.exceptions import BackendProviderCannotRegisterAttempt
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts
from tests.factories import ExamFactory, UserFactory
from tests.proctoring.common.http.conftest import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
LIMIT = 0.6
SLACK = 1.0


@pytest.fixture
def machine():
    """The vendor's machine, with real connections."""
    server = Vendor()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def exam(settings, machine):
    """An exam at a vendor that learners wait for no longer than the limit."""
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"VENDOR_CALL_TIMEOUT": LIMIT}
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "slow",
        "slow": {
            "class": "proctoring.backends.rest.BaseRestProctoringProvider",
            "base_url": machine.url,
            "client_id": "lms",
            "client_secret": "secret",
        },
    }
    return ExamFactory(backend="slow", external_id="exam-77")


def after(machine, seconds, answer):
    body = json.dumps(answer).encode()

    def reply(handler):
        if not machine.closing.wait(seconds):
            handler.reply(200, body)

    return reply


def drop_by_drop(machine):
    def reply(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        for _ in range(100):
            if machine.closing.wait(0.1):
                break
            handler.wfile.write(b" ")
        handler.close_connection = True

    return reply


TOKEN = {"access_token": "token", "expires_in": 3600}


@pytest.mark.parametrize(
    "answers",
    [
        lambda machine: [after(machine, 5, TOKEN)],
        lambda machine: [after(machine, 0.35, TOKEN), after(machine, 0.35, {"id": "attempt-99"})],
        lambda machine: [after(machine, 0, TOKEN), machine.stays_silent],
        lambda machine: [after(machine, 0, TOKEN), drop_by_drop(machine)],
        lambda machine: [after(machine, 0.2, TOKEN), machine.stalls_in_the_body],
    ],
    ids=["token", "token and registration", "silence", "drop by drop", "half an answer"],
)
def test_one_limit_for_everything(machine, exam, answers):
    machine.says(*answers(machine))
    learner = UserFactory()
    began = time.monotonic()

    with pytest.raises(BackendProviderCannotRegisterAttempt) as caught:
        attempts.create(exam, learner, proctored=True)

    assert time.monotonic() - began < LIMIT + SLACK
    assert caught.value.response_status == 502
    assert not ProctoredExamStudentAttempt.objects.exists(), "the next click starts afresh"


def test_the_next_click_may_succeed(machine, exam):
    learner = UserFactory()
    machine.says(after(machine, 0, TOKEN), machine.drops, after(machine, 0, {"id": "attempt-99"}))

    with pytest.raises(BackendProviderCannotRegisterAttempt):
        attempts.create(exam, learner, proctored=True)
    attempt = attempts.create(exam, learner, proctored=True)

    attempt.refresh_from_db()
    assert attempt.external_id == "attempt-99"


def test_who_asks_for_the_exams_id_first_waits_no_longer(machine, exam):
    type(exam).objects.filter(pk=exam.pk).update(external_id=None)
    exam.refresh_from_db()
    machine.says(
        after(machine, 0.2, TOKEN), after(machine, 0.25, {"id": "exam-77"}), after(machine, 0.4, {"id": "attempt-99"})
    )
    began = time.monotonic()

    with pytest.raises(BackendProviderCannotRegisterAttempt):
        attempts.create(exam, UserFactory(), proctored=True)

    assert time.monotonic() - began < LIMIT + SLACK
