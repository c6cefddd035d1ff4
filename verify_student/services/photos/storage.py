"""Where photos lie (contract §2.3)."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.utils.module_loading import import_string

from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import SoftwareSecurePhotoVerification

logger = logging.getLogger(__name__)

ALIAS = "verify_student"


def storage() -> Storage:
    """The storage of that name in ``STORAGES``, else the class in the vendor's settings, else the default one."""
    if ALIAS in storages.backends:
        return storages[ALIAS]
    path = config.software_secure.get("STORAGE_CLASS")
    if not path:
        return default_storage
    try:
        made: Storage = import_string(path)(**_options(config.software_secure))
    except Exception as error:
        # Not chained: arguments of a storage are secrets (W33).
        raise ImproperlyConfigured(f"The photo storage cannot be made ({type(error).__name__}).") from None
    return made


def _options(vendor: Mapping[str, Any]) -> dict[str, Any]:
    options = dict(vendor.get("STORAGE_KWARGS") or {})
    for key, name in {"AWS_ACCESS_KEY": "access_key", "AWS_SECRET_KEY": "secret_key"}.items():
        if vendor.get(key):
            options[name] = vendor[key]
    if vendor.get("S3_BUCKET"):
        options["bucket_name"] = vendor["S3_BUCKET"]
        options["querystring_expire"] = SoftwareSecurePhotoVerification.IMAGE_LINK_DURATION
    return options


def write(name: str, content: bytes) -> str:
    """Store a file under ``name``, or a name like it where that is taken; the name it has."""
    return storage().save(name, ContentFile(content))


def read(name: str) -> bytes:
    """A file's bytes. Raises ``PhotoNotAvailable``."""
    try:
        with storage().open(name) as file:
            content: bytes = file.read()
    # Storages raise what their service's library raises.
    except Exception as error:
        logger.warning("A photo could not be read: error=%s", type(error).__name__)
        raise PhotoNotAvailable from None
    return content


def delete(name: str) -> bool:
    """Delete a file; false, and a line in the log, where that fails."""
    try:
        storage().delete(name)
    # Storages raise what their service's library raises.
    except Exception as error:
        logger.error("A photo could not be deleted: error=%s", type(error).__name__)
        return False
    return True
