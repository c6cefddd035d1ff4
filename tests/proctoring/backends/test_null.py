import pytest

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.null import NullBackendProvider
from tests.proctoring.backends.contract import ATTEMPT, CONTEXT, EXAM, VendorContract


class TestNull(VendorContract):
    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        return NullBackendProvider()


def test_nothing_is_answered_and_nothing_is_kept() -> None:
    null = NullBackendProvider()

    assert null.verbose_name == "Null Backend"
    assert null.register_exam_attempt(EXAM, CONTEXT) is None
    assert null.on_exam_saved(EXAM) is None
    assert null.on_review_callback(ATTEMPT, {"status": "passed"}) is None
    assert null.get_software_download_url() is None
    assert null.remove_exam_attempt("exam-77", "attempt-99") is True


def test_its_options_become_attributes() -> None:
    assert NullBackendProvider(verbose_name="Nobody").verbose_name == "Nobody"
