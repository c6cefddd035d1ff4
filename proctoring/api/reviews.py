"""Attempts and recordings by what a review names them by, for the LMS's code (contract python.md §3.5, §3.6)."""

import logging

from proctoring.common import crypto
from proctoring.models import ProctoredExamStudentAttempt

logger = logging.getLogger(__name__)


def locate_attempt_by_attempt_code(
    attempt_code: str | None,
) -> tuple[ProctoredExamStudentAttempt, bool] | tuple[None, None]:
    """The attempt and whether it is archived, deleted that is; a pair of None for a code that nobody ever had."""
    live = ProctoredExamStudentAttempt.objects.get_exam_attempt_by_code(attempt_code)
    if live is not None:
        return live, False
    archived = ProctoredExamStudentAttempt.get_historic_attempt_by_code(attempt_code)
    if archived is not None:
        return archived, True
    # The code is a secret of the learner's; the log gets along without it.
    logger.error("No attempt, live or archived, has the code that was looked for.")
    return None, None


def encrypt_and_encode(data: bytes, key: bytes) -> bytes:
    """``data`` under the vendor's AES key, in URL-safe base64: how links to recordings are stored."""
    return crypto.aes_cbc_encrypt(key, data)


def decode_and_decrypt(encoded_data: bytes, key: bytes) -> bytes:
    """What :func:`encrypt_and_encode` took. Raises ``DecryptionError``."""
    return crypto.aes_cbc_decrypt(key, encoded_data)
