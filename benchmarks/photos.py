"""
Photos through verify_student's own path, beside the bare cipher over the same bytes.

    python -m benchmarks.photos
    python -m benchmarks.photos --photos 4 --sizes 640x480

Decoded, looked at, written anew, encrypted for us and for the vendor, keys wrapped, stored, rows written. Needs
PostgreSQL: ``DATABASE_URL`` names a database that is made for this, so its name has to begin with ``bench``.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks import databases
from benchmarks.tables import RESULTS, save, table, title

DATABASE = "postgres://postgres@127.0.0.1:5432/bench_special_exams_photos"
SIZES = ("640x480", "1280x960", "2560x1920")
ROUNDS = 3
MEGA = 1_000_000


@dataclass(frozen=True)
class Figure:
    """Photos of ``size``, each of ``length`` bytes; seconds for one, of the clock and of processors."""

    size: str
    length: int
    seconds: float
    work: float
    cipher: float

    @property
    def rate(self) -> float:
        """MB of photos a second."""
        return self.length / self.seconds / MEGA

    @property
    def cipher_rate(self) -> float:
        """MB of the same photos a second, by AES-GCM alone."""
        return self.length / self.cipher / MEGA


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0; what is refused raises."""
    options = _options(arguments)
    os.environ.setdefault("DATABASE_URL", DATABASE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.photo_settings",
            "DEMO_DIR": folder,
            "DEBUG": "false",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "CRITICAL",
            "CELERY_BROKER_URL": "memory://",
            "BENCH_RSA_KEY": _public_key(),
        }
        databases.set_up()
        figures = [measured(size, options.photos) for size in options.sizes]
    save(options.results / "photos.rst", report(figures))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.photos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", default=SIZES, metavar="WIDTHxHEIGHT")
    parser.add_argument("--photos", type=int, default=20, help="of each size, in each of three rounds (%(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(arguments)


def _public_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def measured(size: str, photos: int) -> Figure:
    """Rounds of the path and of the cipher in turn; their medians."""
    # Models exist only now.
    from benchmarks.pictures import data_url, noise

    width, height = (int(part) for part in size.split("x"))
    content = noise(width, height)
    sent, pairs = data_url(content), max(photos // 2, 1)
    _handed_in(sent, 1)
    rounds = [(_timed(sent, pairs), _enciphered(content, 2 * pairs)) for _ in range(ROUNDS)]
    figure = Figure(
        size=size,
        length=len(content),
        seconds=median(path[0] for path, _ in rounds),
        work=median(path[1] for path, _ in rounds),
        cipher=median(cipher for _, cipher in rounds),
    )
    print(
        f"{size}: {figure.rate:.1f} MB/s, {figure.work * 1000:.1f} ms of processors a photo; "
        f"the cipher alone {figure.cipher_rate:,.0f} MB/s",
        flush=True,
    )
    return figure


def _timed(sent: str, pairs: int) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    _handed_in(sent, pairs)
    return (time.perf_counter() - began) / (2 * pairs), (time.process_time() - worked) / (2 * pairs)


def _handed_in(sent: str, pairs: int) -> None:
    # Models exist only now.
    from django.contrib.auth import get_user_model

    # As above.
    from verify_student.services.intake import Handed, take_in

    for _ in range(pairs):
        number = get_user_model().objects.count()
        take_in(get_user_model().objects.create(username=f"photo{number}"), Handed(face=sent, photo_id=sent))


def _enciphered(content: bytes, times: int) -> float:
    cipher = AESGCM(AESGCM.generate_key(256))
    began = time.perf_counter()
    for _ in range(times):
        cipher.encrypt(os.urandom(12), content, b"")
    return (time.perf_counter() - began) / times


def report(figures: Sequence[Figure]) -> Iterator[str]:
    yield from title("Photos", "=")
    yield "Made by ``make bench-photos``: decoded, checked, written anew, encrypted twice, keys wrapped, stored on a"
    yield "disk, with their rows in PostgreSQL; one process. The cipher is AES-256-GCM over the same bytes, in turn."
    yield ""
    heads = [
        "Picture",
        "kB each",
        "Milliseconds of processors each",
        "MB a second",
        "The cipher's MB a second",
        "Share",
    ]
    yield from table(
        heads,
        (
            [
                figure.size,
                f"{figure.length / 1000:,.0f}",
                f"{figure.work * 1000:.1f}",
                f"{figure.rate:.1f}",
                f"{figure.cipher_rate:,.0f}",
                f"{figure.rate / figure.cipher_rate:.2%}",
            ]
            for figure in figures
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
