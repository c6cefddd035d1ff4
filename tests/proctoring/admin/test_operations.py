"""The page for operators."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage
from tests.architecture.query_budgets import QueryBudget
from tests.factories import AttemptFactory, UserFactory
from tests.proctoring.admin.conftest import Screens

PAGE = "scheduledrun"


def dead_letter(**fields: Any) -> OutboxMessage:
    values = {"kind": "mail.status", "destination": "mail", "error_code": "Timeout"} | fields
    return OutboxMessage.objects.create(state=OutboxState.DEAD, **values)


def text(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def links(response: HttpResponse) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'<a href="([^"]+)">', response.content.decode())]


def test_it_tells_of_all_apps(screens: Screens) -> None:
    dead_letter()
    AttemptFactory(started=True, deadline_at=timezone.now() - timedelta(hours=2))

    said = text(screens.rows(PAGE))

    assert "✕ broken 1 thing is broken." in said
    assert "Attempts that run although their time is over ✕ broken 1 2 hours ago –" in said
    assert "mail.status ! attention mail 1 0 minutes ago Timeout Repair what the error says" in said
    assert "Identity verification Stuck work" in said
    assert "proctoring.deliver_outbox ! attention" in said


def test_where_there_is_nothing_to_do_it_says_so(screens: Screens) -> None:
    assert "Dead letters There are none." in text(screens.rows(PAGE))


def test_rows_lead_to_what_can_be_done_about_them(screens: Screens) -> None:
    wanted, _other = dead_letter(), dead_letter(kind="vendor.stop", destination="mock")

    (link,) = [link for link in links(screens.rows(PAGE)) if "kind__exact=mail.status" in link]
    listed = screens.client.get(link)

    assert list(listed.context["cl"].queryset) == [wanted]
    assert "send-again" in listed.content.decode()


def test_every_list_that_it_leads_to_is_there(screens: Screens) -> None:
    dead_letter()
    found = {link for link in links(screens.rows(PAGE)) if "?" in link}

    assert {link: screens.client.get(link).status_code for link in found} == dict.fromkeys(found, 200)
    assert len(found) > 5


def test_the_admins_index_leads_to_it(screens_with: Callable[..., Screens]) -> None:
    address = reverse("admin:proctoring_scheduledrun_changelist")

    assert address in screens_with("view_operations").client.get("/admin/").content.decode()
    assert address not in screens_with("view_outboxmessage").client.get("/admin/").content.decode()


def test_whoever_may_see_operations_sees_them_and_leads_only_to_what_else_they_may_see(
    screens_with: Callable[..., Screens],
) -> None:
    dead_letter()

    operator, other = screens_with("view_operations"), screens_with("view_outboxmessage")

    assert other.rows(PAGE).status_code == 403
    assert "Timeout" in text(operator.rows(PAGE))
    assert not [link for link in links(operator.rows(PAGE)) if "outboxmessage" in link]
    both = screens_with("view_operations", "view_outboxmessage")
    assert [link for link in links(both.rows(PAGE)) if "/proctoring/outboxmessage" in link]


def test_a_learner_with_the_permission_is_no_operator(screens_with: Callable[..., Screens]) -> None:
    operator = screens_with("view_operations")
    operator.user.is_staff = False
    operator.user.save()

    assert operator.rows(PAGE).status_code == 302


def test_nothing_can_be_written(screens: Screens) -> None:
    address = reverse("admin:proctoring_scheduledrun_changelist")

    assert screens.client.get(f"{address}add/").status_code == 404
    assert screens.client.get(f"{address}1/change/").status_code == 404


def test_a_strict_site_and_every_reader_can_use_it(screens: Screens) -> None:
    dead_letter()
    page = screens.rows(PAGE).content.decode()
    main = page[page.index('id="content-main"') : page.index("</main>")]

    assert not re.search(r"<script| style=| on\w+=", main)
    assert finders.find("proctoring/css/operations.css")
    assert main.count("<table>") == main.count("<caption") == 10
    assert not re.search(r"<th(?!ead| scope=)", main)


def test_it_can_be_read_in_another_direction(screens: Screens) -> None:
    with translation.override("ar"):
        page = screens.client.get(
            reverse("admin:proctoring_scheduledrun_changelist"), headers={"Accept-Language": "ar"}
        )
    assert 'dir="rtl"' in page.content.decode()
    style = Path(str(finders.find("proctoring/css/operations.css"))).read_text(encoding="utf-8")
    assert not re.search(r"\b(left|right)\b", style)


def test_it_takes_as_many_queries_however_much_there_is(screens: Screens, query_budget: QueryBudget) -> None:
    screens.rows(PAGE)
    with query_budget("operations.page"):
        screens.rows(PAGE)
    for number in range(30):
        dead_letter(kind=f"kind{number}", destination=f"vendor{number}")
        AttemptFactory(user=UserFactory(), started=True, deadline_at=timezone.now())
    with query_budget("operations.page"):
        screens.rows(PAGE)
