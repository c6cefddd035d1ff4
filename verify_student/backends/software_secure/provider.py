"""Software Secure: photos are fetched from our storage, a person of the vendor's looks at them (contract §2, §3)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from proctoring.common.http import HttpClient
from verify_student.backends.base import IdentityProvider
from verify_student.backends.software_secure.results import check_access_key, check_signature, document_of, event_of
from verify_student.backends.software_secure.signature import authorization
from verify_student.backends.types import Message, PhotoRequest, ProviderRefused, ResultEvent
from verify_student.conf import SOFTWARE_SECURE, config
from verify_student.exceptions import ProviderUnavailable

CONTENT_TYPE = "application/json"


class SoftwareSecureProvider(IdentityProvider):
    """The vendor after which the photo verifications' table is named."""

    name = SOFTWARE_SECURE
    verbose_name = "Software Secure"
    wants_copies = True
    sends_results = True

    def submit(self, request: PhotoRequest) -> None:
        document = {
            "EdX-ID": request.receipt_id,
            "ExpectedName": request.name,
            "PhotoID": request.id_link,
            "PhotoIDKey": request.id_key,
            "SendResponseTo": request.callback_url,
            "UserPhoto": request.face_link,
            "UserPhotoKey": request.face_key,
        }
        headers = {"Content-Type": CONTENT_TYPE, "Date": http_date(timezone.now())}
        signed = authorization(_setting("API_ACCESS_KEY"), _setting("API_SECRET_KEY"), headers, document)
        body = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).encode()
        answer = _client().request("POST", _setting("API_URL"), data=body, headers=headers | {"Authorization": signed})
        # A redirection is not followed, so nobody has taken the request.
        if answer.status_code >= 500 or answer.status_code in {408, 429} or 300 <= answer.status_code < 400:
            raise ProviderUnavailable
        if answer.status_code >= 400:
            raise ProviderRefused(http_status=answer.status_code)

    def authenticate(self, message: Message, now: datetime) -> str:
        headers = {name.lower(): value for name, value in message.headers.items()}
        access_key = _setting("API_ACCESS_KEY")
        signed = check_access_key(headers, access_key)
        if not config.allow_unsigned_results:
            check_signature(signed, headers, document_of(message.body), _setting("API_SECRET_KEY"), now)
        return self.name

    def result(self, message: Message) -> ResultEvent:
        return event_of(document_of(message.body))


def http_date(moment: datetime) -> str:
    """RFC 1123, GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _client() -> HttpClient:
    vendor: Mapping[str, Any] = config.software_secure
    verify = vendor.get("CERT_VERIFICATION_PATH", True)
    return HttpClient(SOFTWARE_SECURE, timeout=config.request_timeout, retries=0, verify=verify or True)


def _setting(name: str) -> str:
    value = config.software_secure.get(name)
    if not value:
        raise ImproperlyConfigured(f'VERIFY_STUDENT["SOFTWARE_SECURE"]["{name}"] is missing.')
    return str(value)
