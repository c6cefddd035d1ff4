"""Comma-separated files over HTTP: the import page of a course, and the admin's lists of allowances and deadlines."""

import random

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.hostile import values
from tests.hostile.counting import family
from tests.hostile.site import ADMIN, Ask, Site
from tests.hostile.tables import ALLOWANCES, DEADLINES, table
from tests.proctoring.rest.matrix.world import HERE

PAGE = f"/api/edx_proctoring/pages/course/{HERE}/allowances/import"
LISTS = {
    "/admin/proctoring/proctoredexamstudentallowance/": ALLOWANCES,
    "/admin/verify_student/verificationdeadline/": DEADLINES,
}


def test_tables(site: Site) -> None:
    tally, chances = family("tables", 250)
    for rng in chances:
        site.ask(rng.choice([_at_the_page, _looked_at, _confirmed])(rng, site), tally)
    tally.settle()


def _at_the_page(rng: random.Random, site: Site) -> Ask:
    content = table(rng, site, ALLOWANCES)
    if rng.random() < 0.5:
        return Ask("course_staff", "POST", PAGE, body={"file": SimpleUploadedFile("a.csv", content, "text/csv")})
    return Ask("course_staff", "POST", PAGE, body={"text": content.decode("utf-8", "replace"), "apply": "1"})


def _looked_at(rng: random.Random, site: Site) -> Ask:
    path, columns = rng.choice(list(LISTS.items()))
    file = SimpleUploadedFile("a.csv", table(rng, site, columns), rng.choice(["text/csv", "image/png"]))
    number = rng.choice(["0", "0", "0", "1", "-1", "x", "9" * 30])
    return Ask(ADMIN, "POST", f"{path}import/", body={"import_file": file, "format": number, "resource": "0"})


def _confirmed(rng: random.Random, site: Site) -> Ask:
    """A file that nobody has looked at."""
    path = rng.choice(list(LISTS))
    said = {
        "import_file_name": values.text(rng),
        "original_file_name": values.text(rng),
        "format": "0",
        "resource": "0",
    }
    fields = {name: text.encode("utf-8", "replace").decode() for name, text in said.items()}
    return Ask(ADMIN, "POST", f"{path}process_import/", body=fields)
