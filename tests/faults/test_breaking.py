"""What the faults are made of."""

import pytest
from django.core.files.base import ContentFile

from tests.faults.servers import Missing, program
from tests.faults.storage import FILLER, FullWhileFilled


def test_a_disk_without_a_small_file_system(tmp_path):
    storage = FullWhileFilled(location=tmp_path)
    (tmp_path / FILLER).touch()
    with pytest.raises(OSError, match="No space left"):
        storage.save("photo", ContentFile(b"1234"))
    assert (tmp_path / "photo").read_bytes() == b"12"
    (tmp_path / FILLER).unlink()
    assert storage.save("another", ContentFile(b"1234")) == "another"


def test_a_program_that_is_not_there_is_named(tmp_path):
    (tmp_path / "here").touch(mode=0o755)
    assert program("here", tmp_path) == str(tmp_path / "here")
    with pytest.raises(Missing, match="no-such-program is not installed"):
        program("no-such-program", tmp_path)
