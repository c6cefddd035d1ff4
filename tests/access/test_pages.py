"""
Every page × method × role × thing: who is answered, that a refusal changes nothing, and that nobody can tell what is
somebody else's from what is not there.
"""

import pytest

from tests.access.asking import ask, names_of, told
from tests.access.page_rules import COURSE_PAGES, ROLES, RULES
from tests.proctoring.rest.matrix.routes import METHODS, PAGES
from tests.proctoring.rest.matrix.rules import NOBODY, Role, Thing
from tests.proctoring.rest.matrix.world import STAFFED, Target, World, rows, use_settings

SIGN_IN = "/accounts/login/"
KNOWN = [thing for thing in Thing if thing is not Thing.MISSING]
# Things within a course: the path names both.
WITHIN = [rule for rule in COURSE_PAGES if len(PAGES[rule.route].parts) > 1]


@pytest.fixture
def world(db, lms, settings):
    use_settings(settings)
    # The platform's own way of signing in lets suspended accounts keep their sessions.
    own = "django.contrib.auth.backends.AllowAllUsersModelBackend"
    settings.AUTHENTICATION_BACKENDS = [own, *settings.AUTHENTICATION_BACKENDS[1:]]
    made = World(lms, ROLES)
    # Whoever was staff, and is suspended, is nobody.
    suspended = made.users[Role.INACTIVE]
    suspended.is_staff = True
    suspended.save()
    return made


def test_every_page_and_method_has_a_rule():
    supported = {(key, method) for key, route in PAGES.items() for method in route.methods}
    ruled = {(rule.route, rule.method) for rule in RULES}
    assert (supported - ruled, ruled - supported) == (set(), set())
    assert len({str(rule) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_who_may(world, rule):
    """What is foreign is answered as what is missing: status, body, headers, and as many statements."""
    wrong, done = [], False
    for role in ROLES:
        missing = ask(world, role, rule, Target())
        for thing in KNOWN:
            target = world.target(role, thing)
            answer = ask(world, role, rule, target)
            done = done or bool(answer.changed)
            if not _is_right(rule, role, thing, answer):
                wrong.append(f"{role}, {thing}: {answer.status} {answer.headers.get('Location')} {answer.changed}")
            if rule.hides(role, thing) and (difference := _difference(rule, answer, target, missing)):
                wrong.append(f"{role}, {thing}: {difference}")
    assert not wrong, "\n".join(wrong)
    assert done or not rule.changes, "nobody's request was carried out"


def _is_right(rule, role, thing, answer):
    sent_away = answer.headers.get("Location", "").startswith(SIGN_IN)
    if role is Role.ANONYMOUS:
        return answer.status == 302 and sent_away and not answer.changed
    if role is Role.INACTIVE:
        return answer.status == 403 and not answer.changed
    if rule.allows(role, thing):
        return (answer.status < 400 or answer.status in {400, 409}) and not sent_away
    # Who may see the thing is shown it with the refusal, and that is on record.
    looked = ("proctoring.AuditEntry",) if rule.seen and role in rule.seen.get(thing, NOBODY) else ()
    return answer.status in rule.refused and answer.changed in {(), looked}


def _difference(rule, foreign, target, missing, **parts):
    """What tells somebody else's thing from one that does not exist; nothing where they cannot be told apart."""
    seen = told(foreign, *names_of(rule, target, **parts))
    unseen = told(missing, *names_of(rule, Target(), **parts))
    if seen != unseen:
        return [(one, other) for one, other in zip(seen, unseen, strict=True) if one != other]
    numbers = (foreign.statements, missing.statements)
    return numbers if abs(numbers[0] - numbers[1]) > 1 else None


@pytest.mark.parametrize("rule", WITHIN, ids=str)
@pytest.mark.parametrize("role", STAFFED)
def test_a_course_in_the_path_opens_nothing_of_another_course(world, role, rule):
    foreign = world.target(role, Thing.ELSEWHERE if role is Role.COURSE_STAFF else Thing.THEIRS)
    answer = ask(world, role, rule, foreign, course_id=STAFFED[role])
    missing = ask(world, role, rule, Target(), course_id=STAFFED[role])
    assert (answer.status, answer.changed) == (404, ())
    assert not _difference(rule, answer, foreign, missing, course_id=STAFFED[role])


def test_other_methods_are_405(world):
    wrong = []
    target = world.target(Role.SUPERUSER, Thing.OWN)
    for key, route in PAGES.items():
        for method in sorted(set(METHODS) - route.methods):
            answer = world.ask(Role.SUPERUSER, method, route.url(target, verb="submit"))
            if answer.status != 405 or answer.changed:
                wrong.append(f"{method} {key}: {answer.status} {answer.changed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.method != "GET"], ids=str)
def test_a_session_needs_the_csrf_token(world, rule):
    client = world.clients[Role.SUPERUSER]
    client.handler.enforce_csrf_checks = True
    answer = ask(world, Role.SUPERUSER, rule, world.target(Role.SUPERUSER, Thing.OWN))
    assert (answer.status, answer.changed) == (403, ())
    assert rows() == world.before
