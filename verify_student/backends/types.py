"""What providers are asked, and what they answer; frozen, so that nothing of it is anybody's state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError


class Outcome(StrEnum):
    """What a provider says of a verification."""

    PASSED = "passed"
    FAILED = "failed"
    SYSTEM_FAILURE = "system failure"


@dataclass(frozen=True, slots=True)
class PhotoRequest:
    """
    A verification as its provider gets it. Links live some days; keys are wrapped for the provider. All four are empty
    for a provider that wants no copies.
    """

    receipt_id: str
    name: str = field(repr=False)
    callback_url: str
    face_link: str = field(default="", repr=False)
    face_key: str = field(default="", repr=False)
    id_link: str = field(default="", repr=False)
    id_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A provider's message as it arrived; names of headers in any case."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResultEvent:
    """A provider's result; ``reasons`` is the provider's, as JSON text, and ``code`` its own name for it."""

    receipt_id: str
    outcome: Outcome
    reasons: str = ""
    code: str = ""


class ProviderRefused(DomainError):
    """The provider has the request and does not want it; asking again as it stands is of no use."""

    code = "provider_refused"
    http_status = 400
    default_message = _("The provider did not take the request.")
