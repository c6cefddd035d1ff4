"""Files that say they are photos: damaged ones, bombs, and ones that are something else besides."""

import base64
import io
import random
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from PIL import Image

from tests.hostile import values
from tests.verify_student.pictures import picture, with_metadata

PNG = b"\x89PNG\r\n\x1a\n"
HTML = b"<html><script>alert(document.domain)</script></html>"
# Twice as wide as high; from nothing to more than any camera has.
SIZES = (0, 1, 3, 70, 4000, 65_535, 2**31 - 1, 2**32 - 1)
PREFIXES = (
    *("data:image/jpeg;base64,",) * 4,
    *(
        "data:image/png;base64,",
        "data:image/svg+xml;base64,",
        "data:image/jpeg,",
        "data:image/jpeg;base64,,",
        "data:image;;;,",
    ),
    *(
        "data:text/html;base64,",
        "DATA:IMAGE/JPEG;BASE64,",
        " data:image/png;base64,",
        "data:image/png;charset=\0,",
        "",
        "blob:",
    ),
)


def file(rng: random.Random) -> bytes:
    """A file."""
    return rng.choice(KINDS)(rng)


def data_url(rng: random.Random, content: bytes) -> str:
    """As a browser sends it; or nearly."""
    coded = base64.b64encode(content).decode()
    if rng.random() < 0.2:
        coded = rng.choice(
            [coded[:-1], coded + "=", coded.replace("A", " "), coded[::-1], coded + "\0", coded + "ä", "%2B" + coded]
        )
    return rng.choice(PREFIXES) + coded


@cache
def _sound() -> list[bytes]:
    animated = io.BytesIO()
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    frames[0].save(animated, "PNG", save_all=True, append_images=frames[1:])
    webp = io.BytesIO()
    frames[0].save(webp, "WEBP", save_all=True, append_images=frames[1:])
    kinds: list[tuple[str, dict[str, Any]]] = [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {})]
    plain = [picture(kind, **options) for kind, options in kinds]
    others = [picture(kind) for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM")]
    return [*plain, *plain, with_metadata(), animated.getvalue(), webp.getvalue(), *others]


def _damaged(rng: random.Random) -> bytes:
    content = rng.choice(_sound())
    for _ in range(rng.randrange(3)):
        content = values.damaged(rng, content)
    return content


def _polyglot(rng: random.Random) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("index.html", HTML)
    other = rng.choice([HTML, archive.getvalue(), b"%PDF-1.7\n", b"GIF89a", b"<?php system('id'); ?>", b"MZ"])
    sound = rng.choice(_sound())
    return rng.choice([sound + other, other + sound, segments(sound, [(0xFE, other)])])


def chunk(name: bytes, body: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def _png_bomb(rng: random.Random) -> bytes:
    """A few bytes that say they are a huge picture, or hold far more than they seem to."""
    width, height = rng.choice(SIZES), rng.choice(SIZES)
    head = struct.pack(
        ">LLBBBBB", width, height, rng.choice([1, 8, 16]), rng.choice([0, 2, 3, 4, 6]), 0, 0, rng.choice([0, 1])
    )
    packed = zlib.compress(bytes(rng.choice([100, 100_000, 3_000_000])), 9)
    text = rng.choice(
        [chunk(b"zTXt", b"a\0\0" + packed), chunk(b"iTXt", b"a\0\1\0\0\0" + packed), chunk(b"iCCP", b"a\0\0" + packed)]
    )
    frames = rng.choice([b"", chunk(b"acTL", struct.pack(">LL", 2**31 - 1, 0)), text * rng.choice([1, 40])])
    return PNG + chunk(b"IHDR", head) + frames + chunk(b"IDAT", packed) * rng.choice([0, 1, 3]) + chunk(b"IEND", b"")


def tags(count: int, size: int, kind: int = 1) -> bytes:
    """A directory of tags that all have the same large value."""
    start = 8 + 2 + 12 * count + 4
    entries = b"".join(struct.pack("<HHLL", tag + 1, kind, size, start) for tag in range(count))
    return b"II*\0" + struct.pack("<LH", 8, count) + entries + struct.pack("<L", 8) + b"\1" * size


def segments(content: bytes, added: list[tuple[int, bytes]]) -> bytes:
    """A JPEG with more in front."""
    more = b"".join(
        b"\xff" + bytes([kind]) + struct.pack(">H", min(len(body) + 2, 65_535)) + body[:65_533] for kind, body in added
    )
    return content[:2] + more + content[2:]


def _exif_bomb(rng: random.Random) -> bytes:
    said = tags(rng.choice([1, 300, 2500]), rng.choice([10, 20_000]), rng.choice([1, 2, 3, 5, 7, 12, 99]))
    if rng.random() < 0.3:
        return PNG + picture("PNG")[8:33] + chunk(b"eXIf", said) + picture("PNG")[33:]
    kind, mark = rng.choice(
        [(0xE1, b"Exif\0\0"), (0xE2, b"MPF\0"), (0xE2, b"ICC_PROFILE\0\1\1"), (0xED, b"Photoshop 3.0\0")]
    )
    return segments(picture(), [(kind, mark + said)] * rng.choice([1, 3]))


def _huge_sides(rng: random.Random) -> bytes:
    """A JPEG or a WebP whose head says that it is larger than it is."""
    if rng.random() < 0.5:
        content = bytearray(picture())
        place = content.index(b"\xff\xc0") + 5
        content[place : place + 4] = struct.pack(">HH", min(rng.choice(SIZES), 65_535), min(rng.choice(SIZES), 65_535))
        return bytes(content)
    content = bytearray(picture("WEBP", exif=tags(1, 10)))
    place = content.index(b"VP8X") + 12
    content[place : place + 6] = (
        struct.pack("<L", rng.randrange(2**14))[:3] + struct.pack("<L", rng.randrange(2**14))[:3]
    )
    return bytes(content)


def _large(rng: random.Random) -> bytes:
    """A real picture of many pixels, which is small as a file; seldom, since it takes long."""
    if rng.random() < 0.97:
        return rng.choice(_sound())
    side = rng.choice([3000, 6000, 7000])
    return picture(rng.choice(["JPEG", "PNG"]), size=(side, side))


KINDS = [_damaged, _damaged, _damaged, _polyglot, _png_bomb, _exif_bomb, _huge_sides, _large]
