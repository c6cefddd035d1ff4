import pytest

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.mock import MockProctoringBackendProvider
from tests.proctoring.backends.contract import CONTEXT, EXAM, VendorContract


class TestMock(VendorContract):
    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        return MockProctoringBackendProvider()


def test_the_attempts_code_is_its_id() -> None:
    assert MockProctoringBackendProvider().register_exam_attempt(EXAM, CONTEXT) == CONTEXT["attempt_code"]


def test_there_is_an_address_to_download_nothing_from() -> None:
    assert MockProctoringBackendProvider().get_software_download_url() == "about:blank"


def test_options_are_not_for_it() -> None:
    mock = MockProctoringBackendProvider(verbose_name="Something else", ping_interval=1)

    assert mock.verbose_name == "Mock Backend"
    assert mock.ping_interval == 60
