"""Events of a platform whose library is not there."""

from verify_student.lms import platform_events
from verify_student.lms.types import IDVAttemptData, UserData, UserPersonalData

ATTEMPT = IDVAttemptData(
    3, UserData(7, True, UserPersonalData("amal", "amal@example.test", "Amal Haddad")), "denied", "A"
)


def test_nothing_happens(caplog):
    platform_events.send("IDV_ATTEMPT_DENIED", ATTEMPT)
    assert caplog.text == ""


def test_data_shows_nobody_in_logs():
    assert "amal" not in repr(ATTEMPT).lower()
