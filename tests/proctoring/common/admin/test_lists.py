"""Long lists: counting, searching, periods."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.core.paginator import InvalidPage
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proctoring.common.admin import EstimatedPaginator, LongListAdmin
from proctoring.common.admin.counting import EXACT_UP_TO
from proctoring.common.admin.periods import periods
from proctoring.models import CourseHold, InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt, StaffAction
from tests.factories import AttemptFactory, UserFactory

MANY = EXACT_UP_TO + 2_040
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL estimates")
elsewhere = pytest.mark.skipif(connection.vendor == "postgresql", reason="only PostgreSQL estimates")


def holds(number):
    CourseHold.objects.bulk_create((CourseHold(course_id=f"course-{index}") for index in range(number)), 5000)
    return EstimatedPaginator(CourseHold.objects.order_by("pk"), 50)


@pytest.mark.django_db
class TestCounting:
    def test_a_list_of_some_length_is_counted(self):
        paginator = holds(120)
        assert (paginator.count, paginator.is_estimate, paginator.num_pages) == (120, False, 3)
        with pytest.raises(InvalidPage):
            paginator.page(4)

    def test_an_empty_list_has_a_page(self):
        assert len(holds(0).page(1)) == 0

    @elsewhere
    def test_other_databases_count(self):
        paginator = holds(MANY)
        assert (paginator.count, paginator.is_estimate) == (MANY, False)

    @on_postgresql
    def test_an_estimate_is_round_and_never_below_what_was_counted(self):
        # Nothing is known of the table yet, and the planner is far off.
        paginator = holds(MANY)
        assert paginator.count > EXACT_UP_TO
        assert paginator.is_estimate
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE proctoring_coursehold")
        assert EstimatedPaginator(CourseHold.objects.order_by("pk"), 50).count == 12_000

    @on_postgresql
    @pytest.mark.parametrize("estimate", [EXACT_UP_TO + 1, 999_000])
    @pytest.mark.parametrize("asked", ["last", 99_999])
    def test_the_last_page_is_the_true_one(self, estimate, asked):
        paginator = holds(MANY)
        paginator.count, paginator.is_estimate = estimate, True
        page = paginator.page(paginator.num_pages if asked == "last" and estimate > MANY else 99_999)
        assert (page.number, len(page), paginator.count) == (-(-MANY // 50), 40, MANY)

    @on_postgresql
    def test_pages_before_it_are_not_counted_for(self):
        paginator = holds(MANY)
        paginator.count, paginator.is_estimate = 999_000, True
        with CaptureQueriesContext(connection) as captured:
            assert len(paginator.page(200)) == 50
        assert len(captured) == 1

    @pytest.mark.parametrize("number", ["", "x", None, 0, -1, 1.5])
    def test_what_is_no_page(self, number):
        with pytest.raises(InvalidPage):
            holds(1).page(number)

    @on_postgresql
    def test_the_page_says_that_it_is_an_estimate(self, client):
        InboxDelivery.objects.bulk_create(
            (
                InboxDelivery(source="s", kind="k", subject="x", delivery_id=str(index), body=b"", body_size=0)
                for index in range(EXACT_UP_TO + 1)
            ),
            2000,
        )
        client.force_login(UserFactory(superuser=True))
        listed = client.get(reverse("admin:proctoring_inboxdelivery_changelist"))
        assert "so many are not counted" in listed.content.decode()
        filtered = client.get(reverse("admin:proctoring_inboxdelivery_changelist"), {"state__exact": "failed"})
        assert "so many are not counted" not in filtered.content.decode()


class AttemptList(LongListAdmin):
    """As an app's list says it."""

    search_person = "user"
    search_exact = ("attempt_code",)


class MessageList(LongListAdmin):
    """A list whose key is no text."""

    search_exact = ("key", "stream")


@pytest.mark.django_db
class TestSearching:
    def found(self, term, listing=AttemptList, model=ProctoredExamStudentAttempt):
        request = RequestFactory().get("/")
        listed = listing(model, admin.site)
        rows, may_repeat = listed.get_search_results(request, model.objects.order_by("pk"), term)
        assert not may_repeat
        return list(rows)

    def test_names_by_their_beginning_codes_as_a_whole_and_numbers(self):
        anna, annabel, hanna = (AttemptFactory(user__username=name) for name in ("anna", "annabel", "hanna"))
        assert self.found("ann") == [anna, annabel]
        assert self.found(" anna ") == [anna, annabel]
        assert self.found(hanna.attempt_code) == [hanna]
        assert self.found(hanna.attempt_code[:-1]) == []
        assert self.found(str(hanna.pk)) == [hanna]
        assert self.found("") == self.found("\0") == [anna, annabel, hanna]

    def test_whoever_is_called_just_that_is_found_among_many(self):
        people = [UserFactory._meta.model(username=f"ann{index:04}") for index in range(600)]
        UserFactory._meta.model.objects.bulk_create(people)
        wanted = AttemptFactory(user__username="ann")
        assert wanted in self.found("ann")

    @pytest.mark.parametrize("term", ["a\0", "9" * 18, "9" * 19, "9" * 5000, "٣", "x" * 5000, "%", "_", "é"])
    def test_whatever_is_typed(self, term):
        AttemptFactory(user__username="anna")
        assert self.found(term) in ([], list(ProctoredExamStudentAttempt.objects.all()))
        assert len(self.found(term, MessageList, OutboxMessage)) < 2

    def test_a_key_that_is_no_text(self):
        wanted, other = (OutboxMessage.objects.create(kind="k", stream=f"vendor:{index}") for index in range(2))
        assert self.found(str(wanted.key), MessageList, OutboxMessage) == [wanted]
        assert self.found("vendor:1", MessageList, OutboxMessage) == [other]

    def test_it_says_what_can_be_searched_for(self):
        said = AttemptList(ProctoredExamStudentAttempt, admin.site).search_help_text
        assert said == "The beginning of a user name. The whole of: attempt code or row number."


def moment(*numbers, zone=UTC):
    return datetime(*numbers, tzinfo=zone)


class TestPeriods:
    @pytest.mark.parametrize(
        ("first", "last", "kind", "number"),
        [
            ((2024, 1, 31), (2024, 3, 1), "month", 3),
            ((2023, 12, 31, 23), (2024, 1, 1), "month", 2),
            ((2023, 12, 31, 23), (2024, 1, 1), "year", 2),
            ((2024, 2, 29), (2028, 2, 29), "year", 5),
            ((2024, 2, 28, 23, 59), (2024, 3, 1), "day", 3),
            ((2024, 5, 5), (2024, 5, 5), "day", 1),
            ((9998, 12, 31), (9999, 12, 31, 23), "year", 2),
            ((9999, 12, 30), (9999, 12, 31, 23), "day", 2),
            ((9999, 11, 30), (9999, 12, 31, 23), "month", 2),
        ],
    )
    @pytest.mark.parametrize("zone", [UTC, None])
    def test_from_the_first_to_the_last(self, first, last, kind, number, zone):
        found = periods(moment(*first, zone=zone), moment(*last, zone=zone), kind)
        assert len(found) == len(set(found)) == number
        assert all((one.hour, one.minute, one.tzinfo) == (0, 0, zone) for one in found)

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe"])
    @pytest.mark.parametrize(("kind", "number"), [("day", 731), ("month", 24), ("year", 2)])
    def test_over_the_days_on_which_clocks_are_moved(self, zone, kind, number):
        here = ZoneInfo(zone)
        found = periods(moment(2017, 1, 1, zone=here), moment(2018, 12, 31, 23, 59, zone=here), kind)
        assert len({one.date() for one in found}) == len(found) == min(number, 730 if kind == "day" else number)


@pytest.mark.django_db
class TestDateHierarchy:
    LIST = "admin:proctoring_staffaction_changelist"

    @pytest.fixture
    def listed(self, client):
        client.force_login(UserFactory(superuser=True))
        return lambda **query: client.get(reverse(self.LIST), query).content.decode()

    def action(self, when):
        return StaffAction.objects.create(verb="send-again", created=when)

    def test_from_years_to_days(self, listed):
        for when in (moment(2024, 2, 29, 23, 30), moment(2025, 1, 1), moment(2025, 12, 31, 23, 59)):
            self.action(when)
        assert "created__year=2024" in listed()
        assert "created__month=12" in listed(created__year=2025)
        assert "created__day=29" in listed(created__year=2024, created__month=2)
        assert "1 action of staff" in listed(created__year=2024, created__month=2, created__day=29)

    def test_days_are_those_of_the_readers_clock(self, listed, settings):
        settings.TIME_ZONE = "Asia/Tokyo"
        timezone.activate("Asia/Tokyo")
        try:
            self.action(moment(2024, 2, 29, 23, 30))
            assert "created__day=1" in listed(created__year=2024, created__month=3)
        finally:
            timezone.deactivate()

    def test_an_empty_list(self, listed):
        assert "0 actions of staff" in listed()

    def test_it_reads_the_ends_only(self, listed):
        for days in range(40):
            self.action(moment(2024, 2, 1) + timedelta(days=days))
        with CaptureQueriesContext(connection) as captured:
            listed(created__year=2024)
        assert not [one["sql"] for one in captured if "DISTINCT" in one["sql"] or "CONVERT_TZ" in one["sql"]]
