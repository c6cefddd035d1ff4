"""What learners read about what is kept of them, in the exam app and of their identity, and their own copy."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

LINK = "What we keep about you, why and for how long"


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/api/edx_proctoring/pages/my_data", "special-exams.exam-data"),
        ("/id-verification/my-data", "special-exams.identity-data"),
    ],
)
def test_the_schedule_and_the_copy(stage: Stage, open_as: Any, inspect: Any, address: str, form: str) -> None:
    page = open_as(stage.learner, address)
    page.get_by_role("heading", level=1, name=LINK).wait_for()
    inspect(page, form)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data").click()
    told = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (told["format"], told["learner"]["username"]) == (form, stage.learner.get_username())


def test_the_identity_page_leads_there(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, "/id-verification")
    page.get_by_role("link", name=LINK).click()
    page.wait_for_url("**/my-data")
