"""
What a browser sends as a photo, made sure of by its content and written anew (contract §2.1, weaknesses W14, W15).

A photo that was written anew carries no position, no camera, no thumbnail and nothing that only looks like an image.
"""

import warnings
from dataclasses import dataclass, field
from io import BytesIO

from proctoring.common.crypto import decode_base64
from verify_student.conf import config
from verify_student.exceptions import ImageTooLarge, InvalidImageData, UnsupportedImageFormat

PREFIX = "data:image"
# What browsers make of a camera's picture; anything else has decoders that are best not asked.
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG_QUALITY = 92
# Line feeds and padding of a photo that is just small enough.
BASE64_SLACK = 300_000


@dataclass(frozen=True, slots=True)
class Photo:
    """An image that has been looked at: its bytes, and ``image/jpeg`` or ``image/png``."""

    content: bytes = field(repr=False)
    content_type: str


def decode(data_url: str) -> Photo:
    """
    The photo of a data URL.

    Raises ``UnsupportedImageFormat`` for what does not say that it is an image, ``ImageTooLarge``, and
    ``InvalidImageData`` for what says so and is none.
    """
    if data_url and not data_url.startswith(PREFIX):
        raise UnsupportedImageFormat
    parts = data_url.split(",", 2)
    if len(parts) < 2:
        raise InvalidImageData
    if len(parts[1]) > config.max_photo_bytes * 4 // 3 + BASE64_SLACK:
        raise ImageTooLarge
    try:
        content = decode_base64(parts[1])
    except ValueError:
        raise InvalidImageData from None
    return decode_file(content)


def decode_file(content: bytes) -> Photo:
    """The photo of a file. Raises ``ImageTooLarge`` and ``InvalidImageData``."""
    # Large, and of no use until somebody hands in a photo.
    from PIL import Image

    if len(content) > config.max_photo_bytes:
        raise ImageTooLarge
    try:
        with warnings.catch_warnings():
            # The library warns of bombs before it refuses them, we refuse earlier; and of each tag of a camera's that
            # cannot be right, of which a file may have tens of thousands.
            warnings.simplefilter("ignore")
            return _written_anew(content)
    except InvalidImageData:
        raise
    except Image.DecompressionBombError:
        raise ImageTooLarge from None
    # Damaged files raise whatever their format's decoder trips over.
    except Exception:
        raise InvalidImageData from None


def _written_anew(content: bytes) -> Photo:
    # As above.
    from PIL import Image, ImageOps

    with Image.open(BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > config.max_photo_pixels:
            raise ImageTooLarge
        lossless = image.format == "PNG"
        image.load()
        # In place, and without a copy of what has the right colours: each copy is as large as the picture.
        ImageOps.exif_transpose(image, in_place=True)
        clean = Image.new("RGB", image.size)
        clean.paste(image if image.mode == "RGB" else image.convert("RGB"))
    target = BytesIO()
    if lossless:
        clean.save(target, "PNG")
    else:
        clean.save(target, "JPEG", quality=JPEG_QUALITY)
    return Photo(target.getvalue(), "image/png" if lossless else "image/jpeg")
