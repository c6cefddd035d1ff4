import pickle

from django.utils import translation
from django.utils.translation import gettext_lazy

from proctoring.common.errors import DomainError


class Refused(DomainError):
    code = "refused"
    http_status = 409
    default_message = "No."


class Hidden(DomainError):
    """Answers with another status than the one it carries."""

    @property
    def response_status(self) -> int:
        return 502


def test_a_refusal_says_its_kinds_sentence() -> None:
    error = Refused()

    assert (error.code, error.http_status, error.response_status, error.detail) == ("refused", 409, 409, "No.")
    assert str(error) == "No."
    assert error.fields == {}


def test_one_refusal_may_say_more() -> None:
    error = Refused("Not on Sundays.", http_status=423, day="Sunday")

    assert (error.detail, error.http_status, error.fields) == ("Not on Sundays.", 423, {"day": "Sunday"})
    assert Refused.http_status == 409, "what one carries is not the kind's"


def test_an_empty_sentence_is_a_sentence() -> None:
    assert Refused("").detail == ""


def test_the_answer_may_differ_from_the_status_carried() -> None:
    error = Hidden(http_status=401)

    assert (error.http_status, error.response_status) == (401, 502)


def test_without_a_kind_there_is_still_a_code_a_status_and_a_sentence() -> None:
    error = DomainError()

    assert error.code == "error"
    assert error.http_status == 400
    assert error.detail


def test_the_sentence_is_translated_when_it_is_read() -> None:
    error = DomainError(gettext_lazy("Yes"))

    with translation.override("de"):
        assert error.detail == "Ja"
    with translation.override("en"):
        assert str(error) == "Yes"


def test_a_refusal_survives_a_task_queue() -> None:
    error = pickle.loads(pickle.dumps(Refused("Not on Sundays.", http_status=423, day="Sunday")))  # noqa: S301

    assert (type(error), error.detail, error.http_status, error.fields) == (
        Refused,
        "Not on Sundays.",
        423,
        {"day": "Sunday"},
    )
