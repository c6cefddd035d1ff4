"""Why a verification was denied, as codes that the learner's pages have words for (contract §3.4)."""

import json
import logging
from collections.abc import Iterator
from typing import Any

logger = logging.getLogger(__name__)

CODES = {
    "EdX name not provided": "name_mismatch",
    "Name mismatch": "name_mismatch",
    "Photo/ID Photo mismatch": "photos_mismatched",
    "ID name not provided": "id_image_missing_name",
    "Invalid Id": "id_invalid",
    "No text": "id_invalid",
    "Not provided": "id_image_missing",
    "Photo hidden/No photo": "id_image_not_clear",
    "Text not clear": "id_image_not_clear",
    "Face out of view": "user_image_not_clear",
    "Image not clear": "user_image_not_clear",
    "Photo not provided": "user_image_missing",
}
KNOWN_CODES = tuple(dict.fromkeys(CODES.values()))


def codes_of(error_msg: str) -> list[str]:
    """
    The codes of stored reasons, in the order of appearance, each once; unknown words are dropped.

    An object may have several groups (W28); what is no list of objects has no codes.
    """
    try:
        stored = json.loads(error_msg)
    except (ValueError, RecursionError):
        logger.info("Stored reasons are no JSON.")
        return []
    return list(dict.fromkeys(_codes(stored)))


def _codes(stored: Any) -> Iterator[str]:
    for group in stored if isinstance(stored, list) else []:
        for words in group.values() if isinstance(group, dict) else []:
            for word in words if isinstance(words, list) else []:
                known = CODES.get(word) if isinstance(word, str) else None
                if known or word in KNOWN_CODES:
                    yield known or word
