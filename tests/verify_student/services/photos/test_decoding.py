"""What is taken as a photo."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from tests.verify_student.pictures import data_url, picture, with_metadata
from verify_student.exceptions import ImageTooLarge, InvalidImageData, UnsupportedImageFormat
from verify_student.services.photos import decode, decode_file


@pytest.mark.parametrize(
    ("kind", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")]
)
def test_what_cameras_make(kind, content_type):
    photo = decode(data_url(picture(kind), kind.lower()))
    assert photo.content_type == content_type
    with Image.open(BytesIO(photo.content)) as image:
        assert (image.size, image.get_format_mimetype()) == ((64, 48), content_type)


def test_nothing_but_the_picture_is_left():
    content = with_metadata()
    assert b"Spy Camera" in content
    clean = decode_file(content).content
    assert b"Spy Camera" not in clean
    with Image.open(BytesIO(clean)) as image:
        assert not image.getexif()


def test_what_hides_behind_an_image_is_gone():
    assert b"<script>" not in decode_file(picture("PNG") + b"<script>alert(1)</script>").content


def test_a_photo_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(BytesIO(decode_file(picture(exif=exif)).content)) as image:
        assert image.size == (48, 64)


@pytest.mark.parametrize("value", ["data:application/pdf;base64,AAAA", "<html>", "1234", "http://x.test/a.png"])
def test_what_does_not_say_that_it_is_an_image(value):
    with pytest.raises(UnsupportedImageFormat, match=r"^Image data is in an unsupported format\.$"):
        decode(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "data:image/png;base64",
        "data:image/png;base64,",
        "data:image/png;base64,1234",
        "data:image/png;base64,abc",
        "data:image/png;base64,äöü",
        "data:image/svg+xml;base64,PHN2Zy8+",
        data_url(b"GIF89a" + bytes(30), "gif"),
        data_url(picture()[:200]),
        data_url(picture("PNG")[:60]),
        data_url(b"%PDF-1.7 not an image"),
        data_url(picture("BMP"), "bmp"),
    ],
)
def test_weakness_w14_w15_what_says_so_and_is_none(value):
    with pytest.raises(InvalidImageData, match=r"^Image data is not valid\.$"):
        decode(value)


def test_weakness_w14_too_many_bytes(settings):
    settings.VERIFY_STUDENT = {"MAX_PHOTO_BYTES": 300}
    with pytest.raises(ImageTooLarge):
        decode(data_url(picture(size=(300, 300))))
    with pytest.raises(ImageTooLarge):
        decode("data:image/png;base64," + "A" * 400_000)


def test_weakness_w14_a_small_file_of_a_huge_picture():
    size = 60_000
    header = size.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    chunks = b"".join(
        len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
        for name, body in [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    )
    with pytest.raises(ImageTooLarge):
        decode_file(b"\x89PNG\r\n\x1a\n" + chunks)


def test_tags_that_cannot_be_right_are_passed_over_in_silence():
    """A file may have tens of thousands of them, each of which would be a line in a log."""
    entries = b"".join(struct.pack("<HHLL", tag, 1, 60_000, 8) for tag in range(1, 2000))
    said = b"Exif\0\0II*\0" + struct.pack("<LH", 8, 1999) + entries + bytes(4)
    content = picture()
    segment = b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
    assert decode_file(content[:2] + segment + content[2:]).content_type == "image/jpeg"
