"""A disk that is full while a file says so, for machines on which no small one can be made."""

import errno
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

FILLER = "filler"


class FullWhileFilled(FileSystemStorage):
    """As a full disk does it: the file is there, and half of what should be in it."""

    def _save(self, name: str, content: Any) -> str:
        if not (Path(self.location) / FILLER).exists():
            return super()._save(name, content)
        whole = content.read()
        super()._save(name, ContentFile(whole[: len(whole) // 2]))
        raise OSError(errno.ENOSPC, "No space left on device")
