"""Photos that do not compress to nothing, as a camera's do not."""

import base64
from io import BytesIO

from PIL import Image


def noise(width: int, height: int) -> bytes:
    """A JPEG."""
    target = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(target, "JPEG", quality=85)
    return target.getvalue()


def data_url(content: bytes) -> str:
    """As a browser sends it."""
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
