"""The vendor's plugin: registering attempts, reading reviews, and keeping other browsers out."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import crum
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from proctoring.backends import launch
from proctoring.backends.base import AttemptDict, ExamDict, ProctoringBackendProvider
from proctoring.backends.software_secure import registration, reviews, signature
from proctoring.common import crypto
from proctoring.common.http import HttpClient, Response
from proctoring.conf import config
from proctoring.exceptions import BackendProviderCannotRegisterAttempt, BackendProviderSentNoAttemptID
from proctoring.statuses import SoftwareSecureReviewStatus

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
REGISTERED = frozenset({200, 201})
LOCATOR = re.compile(r"[!-~]{1,191}")
GENERIC_PLAYER, HTML_PLAYER = "DirectLink-Generic", "DirectLink-HTML5"
NEEDED = (
    "organization",
    "exam_sponsor",
    "exam_register_endpoint",
    "secret_key_id",
    "secret_key",
    "crypto_key",
    "software_download_url",
)


class SoftwareSecureBackendProvider(ProctoringBackendProvider):
    """
    RPNow, also under the name ``rpnow4``.

    The vendor is told of an attempt once, when it is registered; what becomes of it later costs no call. It answers
    through a browser that opens the exam's address, and with reviews that name an attempt by its code.
    """

    verbose_name = "RPNow"
    # Whoever has the exam's address may open it, and the password is the attempt's code.
    dropped_fields = ("userPhotoBase64String", "examPassword", "examUrl")
    personal_fields = (
        *ProctoringBackendProvider.personal_fields,
        "examTakerEmail",
        "examTakerFirstName",
        "examTakerLastName",
        "email",
        "firstName",
        "lastName",
    )
    passing_statuses = (SoftwareSecureReviewStatus.clean.value, SoftwareSecureReviewStatus.violation.value)
    organization: str = ""
    exam_sponsor: str = ""
    exam_register_endpoint: str = ""
    secret_key_id: str = ""
    secret_key: str = ""
    crypto_key: str | bytes = ""
    software_download_url: str = ""
    video_review_aes_key: str | None = None
    send_email: bool = False
    # Whether what comes without any signature counts, as it did before there were signatures.
    allow_unsigned_callbacks: bool = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        missing = [name for name in NEEDED if not getattr(self, name)]
        if missing:
            raise TypeError(f"a Software Secure backend needs the options {', '.join(missing)}")
        self._check_keys()
        parts = urlsplit(self.exam_register_endpoint)
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme not in {"http", "https"} or not host:
            raise TypeError("exam_register_endpoint has to be an http or https address")
        self.http = HttpClient(host, timeout=min(TIMEOUT, config.vendor_call_timeout), retries=0)

    def _check_keys(self) -> None:
        """Raise ``ImproperlyConfigured`` for what would fail at the first learner. Shows no key."""
        if not (self.secret_key.isascii() and self.secret_key_id.isascii()):
            raise ImproperlyConfigured("secret_key and secret_key_id are ASCII texts.")
        try:
            crypto.triple_des_key(self.crypto_key)
        except ValueError as error:
            raise ImproperlyConfigured(f"crypto_key cannot be used. {error}") from None
        try:
            crypto.aes_cbc_encrypt(bytes.fromhex(self.video_review_aes_key or "00" * 16), b"")
        except ValueError:
            raise ImproperlyConfigured("video_review_aes_key is 16, 24 or 32 bytes in hexadecimal.") from None

    def register_exam_attempt(self, exam: ExamDict, context: Mapping[str, Any]) -> str:
        """
        Register an attempt (§2.2); the vendor's id of it. Asked once, never repeated.

        Raises ``BackendProviderCannotRegisterAttempt``, ``BackendProviderSentNoAttemptID`` and ``VendorUnreachable``.
        """
        now = timezone.now()
        document = registration.document(self._customer(), exam, context, now)
        response = self._post(document, registration.http_date(now))
        if response.status_code not in REGISTERED:
            raise BackendProviderCannotRegisterAttempt(response.content, response.status_code)
        external_id = _locator(response)
        if external_id is None:
            raise BackendProviderSentNoAttemptID(response.content, response.status_code)
        return external_id

    def _customer(self) -> registration.Customer:
        return registration.Customer(
            organization=self.organization,
            exam_sponsor=self.exam_sponsor,
            crypto_key=self.crypto_key,
            send_email=bool(self.send_email),
            signs_launches=not self.allow_unsigned_callbacks,
        )

    def _post(self, document: Mapping[str, Any], date: str) -> Response:
        headers = {
            "Content-Type": signature.CONTENT_TYPE,
            "Date": date,
            "Authorization": signature.authorization(self.secret_key_id, self.secret_key, date, document),
        }
        return self.http.request("POST", self.exam_register_endpoint, data=json.dumps(document), headers=headers)

    def start_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def stop_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def mark_erroneous_exam_attempt(self, exam: str, attempt: str) -> None:
        return None

    def remove_exam_attempt(self, exam: str, attempt: str) -> bool:
        """True: nothing is held upstream that could be removed (since_6_1.md 11)."""
        return True

    def on_exam_saved(self, exam: ExamDict) -> None:
        return None

    def get_software_download_url(self) -> str:
        return self.software_download_url

    def get_proctoring_config(self) -> Mapping[str, Any]:
        return {
            "download_url": self.software_download_url,
            "name": self.verbose_name,
            "rules": {},
            "instructions": [],
        }

    def on_review_callback(self, attempt: AttemptDict, payload: Any) -> dict[str, Any]:
        """The review in the vendor interface's vocabulary. Raises as :func:`reviews.converted`."""
        return reviews.converted(attempt, payload)

    def get_video_review_aes_key(self) -> str | None:
        return self.video_review_aes_key or None

    def get_instructor_url(
        self,
        course_id: str,
        user: Mapping[str, Any],
        exam_id: str | None = None,
        attempt_id: str | None = None,
        show_configuration_dashboard: bool = False,
        encrypted_video_review_url: bytes | None = None,
    ) -> str | None:
        """The address of a recording (§2.9); None without one, and where it cannot be read."""
        if not encrypted_video_review_url or not self.video_review_aes_key:
            return None
        try:
            link = crypto.aes_cbc_decrypt(bytes.fromhex(self.video_review_aes_key), bytes(encrypted_video_review_url))
            address = link.decode().replace(GENERIC_PLAYER, HTML_PLAYER)
            is_web_address = urlsplit(address).scheme in {"http", "https"}
        except (crypto.DecryptionError, ValueError):
            logger.error("The address of a recording could not be decrypted.")
            return None
        return address if is_web_address else None

    def should_block_access_to_exam_material(self) -> bool:
        """
        Whether the present browser is another one than the vendor's (§2.6).

        Let in is who holds the pass that the launch callback gave to this very learner. Nobody is where no request is
        known: the middleware of django-crum tells it.
        """
        return _own_pass() is None

    def should_block_attempt(self, attempt_id: int) -> bool:
        """The same, by the pass of this attempt: that of an earlier one, or of another exam, opens nothing."""
        return _own_pass() != attempt_id


def _own_pass() -> int | None:
    """The attempt whose pass the present browser holds, and whose learner has signed in there."""
    request = crum.get_current_request()
    held = launch.held(request) if request is not None else None
    if held is None:
        return None
    attempt_id, user_id = held
    return attempt_id if user_id == getattr(getattr(request, "user", None), "pk", None) else None


def _locator(response: Response) -> str | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    found = answer.get("ssiRecordLocator") if isinstance(answer, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    return str(found) if LOCATOR.fullmatch(str(found)) else None
