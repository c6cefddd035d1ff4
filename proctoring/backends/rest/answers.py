"""What a REST vendor's answers mean: success, refusal, JSON that may not be there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from proctoring.common.http import Response
from proctoring.exceptions import VendorRefusal

# What our tables and the addresses of the vendor's callbacks have room for.
MAX_ID = 191


class VendorCallRefused(VendorRefusal):
    """The vendor answered a call with an error; ``http_status`` is the vendor's."""

    code = "vendor_call_refused"
    default_message = _("The proctoring service did not do what it was asked. Please try again in a moment.")


def succeeded(response: Response) -> bool:
    """Whether the vendor did what it was asked."""
    # Redirects are not followed, so one means that nothing was done.
    return response.status_code // 100 == 2


def refuse_errors(response: Response) -> None:
    """Raise ``VendorCallRefused`` unless the vendor did what it was asked."""
    if not succeeded(response):
        raise VendorCallRefused(response.content, response.status_code)


def json_of(response: Response) -> Any:
    """The answer's JSON, None where it is none (contract §3.7: an answer that cannot be read is an empty one)."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def object_of(response: Response) -> dict[str, Any]:
    """The answer's JSON object, empty where it is none."""
    answer = json_of(response)
    return answer if isinstance(answer, dict) else {}


def id_of(answer: Mapping[str, Any]) -> str | None:
    """The vendor's id in ``answer``: text or a number, and never so long that nobody could keep it."""
    found = answer.get("id")
    if not found or isinstance(found, bool) or not isinstance(found, str | int):
        return None
    external_id = str(found)
    return external_id if len(external_id) <= MAX_ID else None


def steps_of(found: Any) -> list[str]:
    """The texts in a list of instructions."""
    return [step for step in found if isinstance(step, str)] if isinstance(found, list) else []
