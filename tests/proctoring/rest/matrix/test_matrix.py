"""
Every route × method × role × thing: who is answered, and that whoever is refused has changed nothing.

The routes come from the URL configuration, the expectations from ``rules``; nothing can be added to the one without
the other.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.proctoring.rest.matrix.routes import METHODS, ROUTES
from tests.proctoring.rest.matrix.rules import NOBODY, RULES, SIGNED_IN, SIGNERS, Role, Rule, Thing
from tests.proctoring.rest.matrix.sent import BODIES, PATHS, QUERIES, raw_about, url_about
from tests.proctoring.rest.matrix.world import STAFFED, Answer, Target, World, use_settings

OPEN = {rule.route for rule in RULES if rule.open}
KNOWN = [thing for thing in Thing if thing is not Thing.MISSING]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what came of it."""

    role: Role
    thing: Thing | None
    claiming: bool
    answer: Answer

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def content(self) -> bytes:
        return self.answer.content

    @property
    def changed(self) -> tuple[str, ...]:
        return self.answer.changed

    def __str__(self) -> str:
        claiming = ", claiming a course of their own" if self.claiming else ""
        changed = f", changed {', '.join(self.changed)}" if self.changed else ""
        return f"{self.role}{claiming}, {self.thing or 'no matter what'}: {self.status} {self.content[:120]!r}{changed}"


@pytest.fixture
def world(db, lms, settings):
    use_settings(settings)
    return World(lms)


def test_every_supported_method_has_a_rule():
    supported = {(key, method) for key, route in ROUTES.items() for method in route.methods}
    ruled = {(rule.route, rule.method) for rule in RULES}
    assert (supported - ruled, ruled - supported) == (set(), set())


def test_what_is_sent_belongs_to_a_rule():
    assert not (BODIES.keys() | QUERIES.keys() | PATHS.keys()) - {str(rule) for rule in RULES}
    assert len({str(rule) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_who_may(world, rule):
    asked = list(_everybody_asks(world, rule))
    _none([str(one) for one in asked if not _as_ruled(world, rule, one)])
    assert not rule.may or any(200 <= one.status < 400 for one in asked), "nobody's request was carried out"


def test_other_methods_are_405_once_it_is_known_who_asks(world):
    wrong = []
    for key, route in ROUTES.items():
        for method in sorted(set(METHODS) - route.methods):
            for role in set(Role) - SIGNERS:
                one = _ask(world, Rule(key, method, {}), role, None)
                expected = 405 if role in SIGNED_IN or key in OPEN else 403
                explained = key in OPEN or _is_refusal(one.content)
                if one.status != expected or one.changed or not explained:
                    wrong.append(f"{method} {key}: {one}")
    _none(wrong)


@pytest.mark.parametrize(
    ("key", "method"),
    [
        ("instructor_dashboard_exam(course_id, exam_id)", "GET"),
        ("proctored_exam.bulk_allowance(course_id)", "PUT"),
    ],
)
@pytest.mark.parametrize("role", STAFFED)
def test_weakness_s12_a_course_in_the_path_opens_no_exam_of_another_course(world, role, key, method):
    (rule,) = [rule for rule in RULES if (rule.route, rule.method) == (key, method)]
    foreign = Thing.ELSEWHERE if role is Role.COURSE_STAFF else Thing.THEIRS
    one = _ask(world, rule, role, foreign, course_id=STAFFED[role])
    assert one.status in {400, 403, 404}, one
    assert not one.changed, one


def _none(violations: list[str]) -> None:
    if violations:
        pytest.fail("\n".join(violations), pytrace=False)


def _everybody_asks(world: World, rule: Rule) -> Iterator[Asked]:
    for role in Role:
        for thing in Thing:
            yield _ask(world, rule, role, thing)
            if role in STAFFED and rule.claims and not rule.open:
                yield _ask(world, rule, role, thing, claim=world.claim(role))


def _ask(
    world: World, rule: Rule, role: Role, thing: Thing | None, *, claim: dict[str, Any] | None = None, **path: Any
) -> Asked:
    target = world.target(role, thing or Thing.OWN)
    url, raw = url_about(rule, target, claim or {}, **path), raw_about(rule, target, claim or {})
    answer = world.ask(role, rule.method, url, raw)
    return Asked(role, thing, bool(claim), answer)


def _is_told(rule: Rule, role: Role, thing: Thing | None) -> bool:
    return thing is not None and role in rule.may.get(thing, NOBODY)


def _as_ruled(world: World, rule: Rule, one: Asked) -> bool:
    if _is_told(rule, one.role, one.thing):
        told = one.status == rule.missing if one.thing is Thing.MISSING else _answered(one)
        return told and _shows_no_more(rule, one, world.target(one.role, one.thing or Thing.OWN))
    if one.role not in SIGNED_IN and not rule.open:
        return one.status == 403 and not one.changed and _is_refusal(one.content)
    if one.thing is Thing.MISSING:
        return _as_ruled_for_the_missing(rule, one)
    refusal = one.content == b"" if rule.silent else _is_refusal(one.content)
    return one.status in rule.refused and not one.changed and refusal


def _as_ruled_for_the_missing(rule: Rule, one: Asked) -> bool:
    """Whoever may everything is told; others are told or refused, and change nothing."""
    if all(_is_told(rule, one.role, thing) for thing in KNOWN):
        return one.status == rule.missing
    return one.status in rule.refused | {rule.missing} and not one.changed


def _answered(one: Asked) -> bool:
    # What has no body has no type either (contract rest.md §1.5); redirections are the framework's.
    untyped = bool(one.content) or one.answer.content_type == "" or 300 <= one.status < 400
    return one.status < 500 and one.status not in {401, 403, 405} and untyped


def _shows_no_more(rule: Rule, one: Asked, target: Target) -> bool:
    if rule.shows is None or one.role in rule.shows.get(one.thing or Thing.OWN, NOBODY):
        return True
    return target.exam_name.encode() not in one.content


def _is_refusal(content: bytes) -> bool:
    try:
        return set(json.loads(content)) == {"detail"}
    except ValueError:
        return False
