"""Comma-separated files with something wrong in them."""

import csv
import io
import random

from tests.hostile import values
from tests.hostile.site import Site

ALLOWANCES = ("course_id", "exam", "user", "key", "value")
DEADLINES = ("course_key", "deadline")
PEOPLE = ("email", "user_id")
KEYS = ("additional_time_granted", "time_multiplier", "review_policy_exception")
MOMENTS = ("2027-01-31T23:59:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2027-01-31")


def table(rng: random.Random, site: Site, columns: tuple[str, ...]) -> bytes:
    """A file of these columns; now and then as something that only resembles it."""
    header = list(columns)
    if rng.random() < 0.15:
        header = rng.choice(
            [header[::-1], header[1:], [*header, *header], [name.upper() for name in header], [values.text(rng)]]
        )
    lines = [header] + [[_cell(rng, site, name) for name in columns] for _ in range(rng.choice([0, 1, 2, 5]))]
    if rng.random() < 0.15:
        lines.append([values.text(rng)] * rng.choice([1, 20]))
    text = io.StringIO()
    csv.writer(
        text, quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), lineterminator=rng.choice(["\n", "\r\n", "\r"])
    ).writerows(lines)
    content = text.getvalue().encode("utf-8", "surrogatepass")
    return values.damaged(rng, content) if rng.random() < 0.3 else content


def _cell(rng: random.Random, site: Site, column: str) -> str:
    if rng.random() < 0.3:
        return values.text(rng)
    about = site.targets[rng.randrange(len(site.targets))]
    likely = {
        "course_id": about.course_id,
        "course_key": about.course_id,
        "exam": rng.choice([str(about.exam_id), about.content_id]),
        "user": about.username,
        "email": f"{about.username}@example.com",
        "user_id": str(about.user_id),
        "key": rng.choice(KEYS),
        "value": rng.choice(["15", "1.5", "nan", "1e300", "-1", "99999999999"]),
        "deadline": rng.choice(MOMENTS),
    }
    return likely[column]
