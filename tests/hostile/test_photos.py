"""Photos, as data URLs and as files, over HTTP and by themselves: decoded, or refused with nothing kept."""

import random
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.hostile import pictures, values, wire
from tests.hostile.counting import family
from tests.hostile.site import Ask, Site
from tests.verify_student.pictures import data_url, picture
from verify_student.exceptions import VerificationBaseException
from verify_student.services.photos import decode, decode_file

SUBMIT, PAGE = "/verify_student/submit-photos/", "/id-verification/photos"
NAMES = ("photo.jpg", "../../photo.php", "a\0.jpg", "x" * 300, "\u202egpj.exe", "")
SOUND = data_url(picture())


def test_photos_that_are_handed_in(site: Site) -> None:
    tally, chances = family("photos", 120)
    for rng in chances:
        site.ask(_handed_in(rng), tally)
    tally.settle()


@pytest.mark.django_db
def test_photos_that_are_decoded() -> None:
    tally, chances = family("decoding", 500)
    for rng in chances:
        content = pictures.file(rng)
        try:
            photo = decode(pictures.data_url(rng, content)) if rng.random() < 0.3 else decode_file(content)
            with Image.open(BytesIO(photo.content)) as image:
                assert image.get_format_mimetype() == photo.content_type
        except VerificationBaseException as error:
            tally.refusal(error.code)
        except Exception as error:
            tally.crash(error, content[:200].hex())
        else:
            tally.took()
    tally.settle()


def _handed_in(rng: random.Random) -> Ask:
    content = pictures.file(rng)
    upload = SimpleUploadedFile(
        rng.choice(NAMES) or "x", content, rng.choice(["image/jpeg", "text/html", "image/svg+xml"])
    )
    name = rng.choice(["Amal Haddad", values.text(rng)])
    if rng.random() < 0.4:
        return Ask(
            "course_staff", "POST", PAGE, body={"face": upload, "photo_id": upload, "full_name": _sendable(name)}
        )
    said = rng.choice([upload, upload, pictures.data_url(rng, content), values.text(rng)])
    face = said if not isinstance(said, str) else _sendable(said)
    fields = {"face_image": face, "photo_id_image": SOUND, "full_name": _sendable(name)}
    return Ask(
        "course_staff",
        "POST",
        SUBMIT,
        body=dict(rng.sample(sorted(fields.items(), key=str), rng.choice([2, 3, 3, 3]))),
        headers=wire.headers(rng),
    )


def _sendable(text: str) -> str:
    """What a client can write into a form: halves of characters it cannot."""
    return text.encode("utf-8", "replace").decode()
