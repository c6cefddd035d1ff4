"""``manage.py create_staff_groups``, and what the groups' people see."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from proctoring.common.inbox import Envelope, store
from proctoring.conf import config
from proctoring.models import InboxDelivery
from tests.factories import AttemptFactory, UserFactory
from tests.proctoring.management.shell import run
from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory

pytestmark = pytest.mark.django_db
COMMAND = "create_staff_groups"


@pytest.fixture(autouse=True)
def numbers_of_models():
    """They are remembered by the process, and those that a test has made are gone with it."""
    yield
    ContentType.objects.clear_cache()


COURSE, IDENTITY, OPERATORS = "Course reviewers", "Identity reviewers", "Operators"
DATA = "Data protection"
OPENS = {
    COURSE: {
        "proctoring.proctoredexam",
        "proctoring.proctoredexamreviewpolicy",
        "proctoring.proctoredexamstudentattempt",
        "proctoring.proctoredexamsoftwaresecurereview",
        "proctoring.proctoredexamsoftwaresecurereviewhistory",
    },
    IDENTITY: {
        "verify_student.softwaresecurephotoverification",
        "verify_student.localopinion",
        "verify_student.verificationattempt",
        "queue",
    },
    DATA: {
        f"{app}.{model}"
        for app in ("proctoring", "verify_student")
        for model in ("retentionhold", "erasurecertificate", "vendorerasure", "pendingerasure", "auditentry")
    },
    OPERATORS: {
        "proctoring.scheduledrun",
        "proctoring.inboxdelivery",
        "proctoring.outboxmessage",
        "proctoring.staffaction",
        "proctoring.proctoredexam",
        "proctoring.proctoredexamstudentattempt",
        "verify_student.inboxdelivery",
        "verify_student.outboxmessage",
        "verify_student.staffaction",
        "verify_student.verificationdeadline",
        "verify_student.sspverificationretryconfig",
    },
}


def granted():
    return {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}


def member_of(*names):
    user = UserFactory(staff=True)
    user.groups.set(Group.objects.filter(name__in=names))
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def groups():
    assert run(COMMAND).code == 0


def test_it_makes_the_groups_and_a_second_time_nothing():
    done = run(COMMAND)
    assert set(granted()) == set(OPENS)
    assert "Operators: made, " in done.out
    assert "  verify_student.see_photos\n" in done.out
    before = granted()
    assert run(COMMAND).out.splitlines() == [
        "Course reviewers: there, 0 permissions added.",
        "Data protection: there, 0 permissions added.",
        "Operators: there, 0 permissions added.",
        "Identity reviewers: there, 0 permissions added.",
    ]
    assert granted() == before


def test_what_a_site_added_stays_and_what_it_lacks_comes_back(groups):
    group = Group.objects.get(name=IDENTITY)
    own = Permission.objects.get(codename="add_user")
    taken = Permission.objects.get(codename="see_photos")
    group.permissions.add(own)
    group.permissions.remove(taken)
    member, _ = member_of(IDENTITY)
    assert "1 permissions added" in run(COMMAND).out
    assert {own, taken} <= set(group.permissions.all())
    assert list(group.user_set.all()) == [member]


def test_a_dry_run_changes_nothing():
    Permission.objects.filter(content_type__app_label="proctoring").delete()
    done = run(COMMAND, "--dry-run")
    assert (done.code, done.summary) == (0, "Dry run, nothing was changed.")
    assert "Operators: made" in done.out
    assert not Group.objects.exists()
    assert not Permission.objects.filter(content_type__app_label="proctoring").exists()


def test_permissions_that_are_not_there_yet_are_made():
    Permission.objects.all().delete()
    ContentType.objects.filter(app_label__in=["proctoring", "verify_student"]).delete()
    ContentType.objects.clear_cache()
    assert run(COMMAND).code == 0
    assert all(granted().values())


def test_a_permission_that_a_renamed_model_left_behind_does_no_harm():
    old = ContentType.objects.create(app_label="proctoring", model="formercallback")
    Permission.objects.create(content_type=old, codename="replay_inboxdelivery", name="old")
    assert run(COMMAND).code == 0
    member, _ = member_of(OPERATORS)
    assert member.has_perm("proctoring.replay_inboxdelivery")


def test_a_permission_that_there_is_not(monkeypatch):
    monkeypatch.setattr(apps.get_app_config("admin"), "staff_groups", {"X": ("admin.fly", "x.y")}, raising=False)
    failed = run(COMMAND)
    assert (failed.code, failed.err) == (1, "There is no permission admin.fly, x.y.")
    assert not Group.objects.exists()


@pytest.mark.parametrize("name", list(OPENS))
def test_members_open_their_pages_and_no_other(groups, name):
    _, client = member_of(name)
    addresses = {
        model._meta.label_lower: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    } | {"queue": reverse("admin:verify_student_review_queue")}
    answers = {page: client.get(address).status_code for page, address in addresses.items()}
    assert {page for page, status in answers.items() if status == 200} == OPENS[name]
    assert set(answers.values()) == {200, 403}
    assert client.get(reverse("admin:index")).status_code == 200


def test_photos_and_payloads_are_for_nobody_else(groups):
    sealed = store(InboxDelivery, Envelope("watcher", "ready", "subject", b"Alice"), config.keyring)
    verification = kept(VerificationFactory(status="submitted", provider="local"), "face")
    callback = reverse("admin:proctoring_inboxdelivery_change", args=[sealed.pk])
    photo = reverse("admin:verify_student_photo", args=[verification.pk, "face"])
    seen = {}
    for name in OPENS:
        _, client = member_of(name)
        seen[name] = "Alice" in client.get(callback).content.decode(), client.get(photo).status_code
    assert seen == {COURSE: (False, 403), IDENTITY: (False, 200), DATA: (False, 403), OPERATORS: (False, 403)}


def test_operators_act_on_attempts_and_do_not_decide(groups):
    operator, client = member_of(OPERATORS)
    reviewer, _ = member_of(COURSE)
    decide = "proctoring.review_attempts", "verify_student.review_verifications"
    assert not any(operator.has_perm(name) for name in decide)
    assert reviewer.has_perm("proctoring.review_attempts")
    attempt = AttemptFactory(status="error", is_resumable=True)
    page = client.get(reverse("admin:proctoring_proctoredexamstudentattempt_change", args=[attempt.pk]))
    assert "/act/resume-attempt/" in page.content.decode()
