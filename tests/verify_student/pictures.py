"""Photos for tests."""

import base64
from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base


def picture(kind="JPEG", size=(64, 48), colour=(200, 120, 40), **options):
    """An image file."""
    target = BytesIO()
    Image.new("RGB", size, colour).save(target, kind, **options)
    return target.getvalue()


def with_metadata():
    """A JPEG that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[Base.Make] = "Spy Camera"
    exif[Base.GPSInfo] = {1: "N", 2: (52.0, 30.0, 0.0)}
    return picture(exif=exif)


def data_url(content, kind="jpeg"):
    """As a browser sends it."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
