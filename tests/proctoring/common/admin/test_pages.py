"""The pages on which staff look, give a reason, and see how far it is."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import demo.settings
from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage, StaffAction
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "admin:proctoring_outboxmessage_changelist"
WITHOUT_HTMX = [app for app in demo.settings.INSTALLED_APPS if app != "django_htmx"]


def dead(number=1):
    return [OutboxMessage.objects.create(kind="k", destination="d", state=OutboxState.DEAD) for _ in range(number)]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator():
    user = UserFactory(staff=True)
    names = ["view_outboxmessage", "redeliver_outboxmessage"]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="proctoring", codename__in=names))
    return user


@pytest.fixture
def browser(operator):
    return signed_in(operator)


@pytest.fixture
def planned(browser):
    """The address of an action that was chosen and not confirmed."""
    keys = [message.pk for message in dead(12)]
    return browser.post(reverse(LIST), {"action": "send-again", "_selected_action": keys})["Location"]


def act(pk, verb="send-again"):
    return f"{reverse(LIST)}{pk}/act/{verb}/"


@pytest.mark.parametrize("pk", ["x", "1x", "999999", "9" * 19, "9" * 400, "9" * 5000, "_00", "%00", "é", "-1", "1/2"])
def test_rows_that_there_are_not(browser, pk):
    assert browser.get(act(pk)).status_code == 404


def test_verbs_that_there_are_not(browser):
    (message,) = dead()
    assert browser.get(act(message.pk, "explode")).status_code == 404
    assert browser.get(act(message.pk, "resume-attempt")).status_code == 404


@pytest.mark.parametrize("pk", ["x", "999999", "9" * 19, "9" * 5000, "_00"])
@pytest.mark.parametrize("page", ["{}/look/", "{}/change/"])
def test_actions_that_there_are_not(browser, pk, page):
    address = reverse("admin:proctoring_staffaction_changelist") + page.format(pk)
    # Who may not see all of them is told the same of what is there.
    assert browser.get(address, follow=True).status_code in {403, 404}


def test_a_reason_that_does_not_do_is_refused_and_nothing_is_written(browser):
    (message,) = dead()
    for reason in ("", " ", "\0", "x" * 501):
        assert browser.post(act(message.pk), {"reason": reason, "seen": "dead"}).status_code == 400
    assert not StaffAction.objects.exists()
    assert browser.post(act(message.pk), {"reason": "a\0 b", "seen": "dead"}).status_code == 302
    assert StaffAction.objects.get().reason == "a b"


def test_what_changed_since_it_was_looked_at_is_looked_at_again(browser):
    (message,) = dead()
    for seen in ({"seen": "pending"}, {}):
        answer = browser.post(act(message.pk), {"reason": "the net was away"} | seen)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "It has changed since you looked at it. Please look at it again." in page
        assert 'name="seen" value="dead"' in page
        assert 'value="the net was away"' in page
    assert not StaffAction.objects.exists()


def test_what_changed_and_is_not_possible_any_more_is_told(browser):
    (message,) = dead()
    OutboxMessage.objects.update(state=OutboxState.DONE)
    answer = browser.post(act(message.pk), {"reason": "why", "seen": "dead"})
    assert (answer.status_code, "This is not a dead letter." in answer.content.decode()) == (409, True)


def test_whoever_may_not_see_a_row_does_nothing_to_it(operator, browser):
    operator.user_permissions.remove(*Permission.objects.filter(codename="view_outboxmessage"))
    (message,) = dead()
    form = {"reason": "why", "seen": "dead"}
    assert (browser.get(act(message.pk)).status_code, browser.post(act(message.pk), form).status_code) == (403, 403)
    assert not StaffAction.objects.exists()


def test_what_is_not_possible_has_no_button(browser):
    (message,) = dead()
    assert 'name="reason"' in browser.get(act(message.pk)).content.decode()
    OutboxMessage.objects.update(state=OutboxState.DONE)
    page = browser.get(act(message.pk)).content.decode()
    assert "This is not a dead letter." in page
    assert 'name="reason"' not in page


def test_the_look_is_for_whoever_chose(planned, browser, operator):
    other = UserFactory(staff=True)
    other.user_permissions.set(
        Permission.objects.filter(content_type__app_label="proctoring", codename="view_staffaction")
    )
    assert 'name="reason"' in browser.get(planned).content.decode()
    theirs = signed_in(other).get(planned).content.decode()
    assert "not confirmed" in theirs
    assert "What will follow" not in theirs
    assert signed_in(other).post(planned, {"reason": "why"}).status_code == 400
    assert signed_in(UserFactory(staff=True)).get(planned).status_code == 403
    operator.user_permissions.clear()
    assert "What will follow" not in browser.get(planned).content.decode()
    assert browser.post(planned, {"reason": "why"}).status_code == 400


def test_the_choice_is_not_read_where_it_is_not_shown(planned, browser):
    StaffAction.objects.update(state="running")
    with CaptureQueriesContext(connection) as captured:
        browser.get(planned)
    assert not [one["sql"] for one in captured if "ids" in one["sql"]]


def test_a_verb_that_is_gone(planned, browser):
    StaffAction.objects.update(verb="gone")
    assert "not confirmed" in browser.get(planned).content.decode()
    assert browser.post(planned, {"reason": "why"}).status_code == 400


def test_an_action_that_is_under_way_is_looked_at_again(planned, browser):
    StaffAction.objects.update(state="running", reason="why")
    page = browser.get(planned).content.decode()
    assert "django_htmx/htmx" in page
    assert 'hx-trigger="every 2s"' in page
    head = page[page.index('name="htmx-config"') :]
    config = json.loads(head[head.index("{") : head.index("}") + 1])
    # What a strict site would not let it do.
    assert config == {"includeIndicatorStyles": False, "allowEval": False}
    assert "Look again" in page


@override_settings(INSTALLED_APPS=WITHOUT_HTMX)
def test_a_host_without_htmx_looks_by_itself(planned, browser):
    StaffAction.objects.update(state="running", reason="why")
    page = browser.get(planned).content.decode()
    assert "htmx" not in page
    assert "hx-" not in page
    assert "Look again" in page


def test_where_a_row_is_chosen_for_a_form_nothing_else_is_done(browser):
    (message,) = dead()
    change = reverse("admin:proctoring_outboxmessage_change", args=[message.pk])
    assert act(message.pk) in browser.get(change).content.decode()
    assert act(message.pk) not in browser.get(change, {"_popup": 1}).content.decode()
    assert "send-again" not in browser.get(reverse(LIST), {"_popup": 1}).content.decode()


def test_all_rows_of_a_filtered_list_are_chosen(browser):
    dead(60)
    OutboxMessage.objects.create(kind="other", destination="d", state=OutboxState.DEAD)
    chosen = {"action": "send-again", "_selected_action": ["1"], "select_across": "1"}
    answer = browser.post(f"{reverse(LIST)}?kind__exact=k", chosen)
    assert answer.status_code == 302
    assert StaffAction.objects.get().total == 60
