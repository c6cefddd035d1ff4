"""
Every page of the admin of both apps × method × role × row: who is answered, that a refusal changes nothing, and that
whoever is refused cannot tell whether a row is there. Pages come from the admin, expectations from ``admin_rules``.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.access.admin_rules import NOBODY, SCREENS, STAFF, Role, Roles
from tests.access.admin_world import APPS, AdminWorld
from tests.access.asking import told
from tests.proctoring.rest.matrix.world import NO_ID
from tests.verify_student.factories import SSOFactory

SIGN_IN = "/admin/login/"
SEEN = re.compile(rb'name="seen" value="([^"]*)"')
# Pages about one row; their addresses name it.
OF_ROW = {"change", "history", "delete", "act", "look", "simple_history", "review", "review_next", "photo", "download"}
NAMED = {name: f"verify_student_{name}" for name in ("review_queue", "review", "review_next", "photo")}
# Views besides the usual ones that forms are sent to.
SENT = {
    "import": {},
    "process_import": {},
    "review": {"decision": "approve"},
    "look": {"reason": "Looked into."},
    "change": {},
}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms", "vendor", "files")]


@pytest.fixture
def files():
    """Photos of tests are in memory."""


@dataclass(frozen=True)
class Page:
    """One request: ``right`` names what ``not_own`` may withhold."""

    view: str
    method: str
    may: Roles
    right: str = ""
    arguments: tuple[Any, ...] = ()
    form: dict[str, Any] = field(default_factory=dict)

    def __str__(self):
        return f"{self.method} {self.view} {' '.join(map(str, self.arguments))}"


def pages_of(screen):
    """Every page that the table has something to say of."""
    rights = {"changelist": screen.see, "add": screen.add, "change": screen.see, "history": screen.see}
    for view, may in (rights | {"delete": screen.delete}).items():
        if view in screen.only:
            yield Page(view, "GET", may, right=view if view == "delete" else "")
    for view, may in {"add": screen.add, "change": screen.change, "delete": screen.delete}.items():
        if view in screen.only:
            yield Page(view, "POST", may, right=view, form={"post": "yes"} if view == "delete" else {})
    for verb, may in screen.verbs.items():
        yield Page("act", "GET", may, arguments=(verb,))
        yield Page("act", "POST", may, right=verb, arguments=(verb,), form={"reason": "Looked into."})
    yield from views_of(screen)


def views_of(screen):
    for view, may in screen.views.items():
        arguments = {"simple_history": (NO_ID,), "photo": ("face",)}.get(view, ())
        if view != "process_import":
            yield Page(view, "GET", may, arguments=arguments)
        if view in SENT:
            right = "approve-photos" if view == "review" else ""
            yield Page(view, "POST", may, right=right, form=SENT[view])
        if view == "simple_history":
            yield Page(view, "POST", NOBODY, arguments=arguments)


def name_of(screen, view):
    return f"admin:{NAMED.get(view) or f'{screen.model.lower()}_{view}'.replace('.', '_')}"


def url_of(screen, page, pk):
    row = (pk,) if page.view in OF_ROW else ()
    return reverse(name_of(screen, page.view), args=[*row, *page.arguments])


def test_every_page_has_a_rule():
    patterns = (one for group in admin.site.get_urls() for one in getattr(group, "url_patterns", [group]))
    names = {f"admin:{one.name}" for one in patterns if one.name and one.name.startswith(APPS)}
    # Where staff have nothing to do, the page for doing it is there all the same, and knows no verb.
    idle = {name_of(screen, "act") for screen in SCREENS if not screen.verbs}
    assert names - idle == {name_of(screen, page.view) for screen in SCREENS for page in pages_of(screen)}


def test_every_model_and_verb_has_a_rule():
    ours = {model: made for model, made in admin.site._registry.items() if model._meta.app_label in APPS}
    verbs = {
        model._meta.label: {verb.name for verb in made.staff_actions.verbs.of(model)}
        for model, made in ours.items()
        if hasattr(made, "staff_actions")
    }
    assert {model._meta.label for model in ours} == {screen.model for screen in SCREENS}
    assert {label: names for label, names in verbs.items() if names} == {
        screen.model: set(screen.verbs) for screen in SCREENS if screen.verbs
    }


def test_a_verb_of_another_model_is_none(admin_client):
    row = SSOFactory()
    url = reverse("admin:verify_student_ssoverification_act", args=[row.pk, "approve-photos"])
    assert [admin_client.get(url).status_code, admin_client.post(url).status_code] == [404, 404]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_who_may(screen):
    world, wrong = AdminWorld(screen), []
    for page in pages_of(screen):
        for role in Role:
            wrong += _asked(world, screen, page, role)
    wrong += _forged(world, screen)
    assert not wrong, "\n".join(wrong)


def _asked(world, screen, page, role):
    missing = world.ask(role, page.method, url_of(screen, page, NO_ID), page.form)
    yield from _judged(page, role, role in page.may, missing, "none")
    if page.view not in OF_ROW:
        return
    theirs = _sent(world, screen, page, role, world.theirs)
    yield from _judged(page, role, role in page.may, theirs, "theirs")
    if role not in page.may and (difference := _difference(screen, page, world.theirs.pk, theirs, missing)):
        yield f"{page}: {role} can tell whether a row is there: {difference}"
    if role in STAFF and (screen.not_own or screen.own):
        own = _sent(world, screen, page, role, world.own[role])
        may = (role in page.may and page.right not in screen.not_own) or page.view in screen.own
        yield from _judged(page, role, may, own, "own", told_why=role in page.may)


def _forged(world, screen):
    """What a superuser's session does without the token."""
    world.clients[Role.SUPERUSER].handler.enforce_csrf_checks = True
    for page in pages_of(screen):
        if page.method == "POST":
            pk = world.theirs.pk if world.theirs else NO_ID
            answer = world.ask(Role.SUPERUSER, "POST", url_of(screen, page, pk), page.form)
            if (answer.status, answer.changed) != (403, ()):
                yield f"{page}: without a token {answer.status} {answer.changed}"


def _sent(world, screen, page, role, row):
    url = url_of(screen, page, row.pk)
    form = dict(page.form)
    if page.method == "POST" and page.view in {"act", "review"} and role in page.may:
        found = SEEN.search(world.ask(role, "GET", url).content)
        form["seen"] = found[1].decode() if found else ""
    return world.ask(role, page.method, url, form)


def _judged(page, role, may, answer, thing, told_why=False):
    """What is wrong with an answer. ``told_why``: a refusal is explained on the page itself."""
    location = answer.headers.get("Location", "")
    if role not in STAFF:
        fine = location.startswith(SIGN_IN) and not answer.changed
    elif may:
        fine = answer.status in {200, 302, 400, 404, 409} and not location.startswith(SIGN_IN)
    else:
        fine = (answer.status == 403 or (told_why and answer.status in {200, 400, 409})) and not answer.changed
    if not fine:
        yield f"{page}: {role}, {thing}: {answer.status} {location} {answer.changed}"


def _difference(screen, page, pk, theirs, missing):
    """What tells a row from none; statements may differ by the one that finds it."""
    seen = told(theirs, url_of(screen, page, pk))
    unseen = told(missing, url_of(screen, page, NO_ID))
    numbers = (theirs.statements, missing.statements)
    differing = [pair for pair in zip(seen, unseen, strict=True) if pair[0] != pair[1]]
    return differing or (numbers if abs(numbers[0] - numbers[1]) > 1 else None)
