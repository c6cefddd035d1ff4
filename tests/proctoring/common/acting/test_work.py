"""Planning, confirming and doing actions, and what may go wrong in the middle."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from proctoring.common.acting import ActionRefused, ReasonMissing, StaffActions, Verb, Verbs
from proctoring.common.acting.work import KEPT_REFUSALS, LEASE, MAX_ROWS, PLANS_KEPT, SAME_PERSON, UNKNOWN
from proctoring.common.announce import Announcement
from proctoring.common.errors import DomainError
from proctoring.models import CourseHold, OutboxMessage, StaffAction
from tests.factories import UserFactory
from tests.proctoring.services.test_concurrency import together

BATCHES = itertools.count()
MAY = "proctoring.change_coursehold"
needs_row_locks = pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks")


class NoMore(DomainError):
    """The row is off already."""

    code = "no_more"
    default_message = "It is off already."


class Doing:
    """A verb over rows of a small table; remembers what it did, and ``meanwhile`` happens after each row."""

    def __init__(self):
        self.done = []
        self.meanwhile = lambda number: None
        confirmed = Announcement()
        confirmed.connect(self._hear, weak=False)
        self.heard = []
        self.verb = Verb("switch-off", CourseHold, "Switch off", "Rows go.", MAY, self._foresee, self._perform)
        self.actions = StaffActions(StaffAction, Verbs([self.verb]), confirmed=confirmed)
        self.forgetful = StaffActions(StaffAction, Verbs([]), confirmed=confirmed)

    def _hear(self, action_id, **kwargs):
        self.heard.append(action_id)

    def _foresee(self, row, user):
        if row.pk in self.done:
            raise NoMore
        return ["It goes."]

    def _perform(self, row, user, reason):
        self._foresee(row, user)
        self.done.append(row.pk)
        self.meanwhile(len(self.done))


@pytest.fixture
def doing():
    return Doing()


@pytest.fixture
def reviewer():
    user = UserFactory(staff=True)
    user.user_permissions.add(Permission.objects.get(codename=MAY.split(".")[1]))
    return get_user_model().objects.get(pk=user.pk)


def rows(number):
    batch = next(BATCHES)
    CourseHold.objects.bulk_create(CourseHold(course_id=f"{batch}-{index}") for index in range(number))
    made = CourseHold.objects.filter(course_id__startswith=f"{batch}-").order_by("pk")
    return list(made.values_list("pk", flat=True))


@pytest.fixture
def confirmed(doing, reviewer):
    """An action over so many rows, which waits for a worker."""

    def make(number):
        action = doing.actions.plan(doing.verb, rows(number), reviewer)
        StaffAction.objects.filter(pk=action.pk).update(state="running", reason="why", confirmed_at=timezone.now())
        return action

    return make


def outcome(action):
    action.refresh_from_db()
    return action.state, action.done, action.refused, action.position


@pytest.mark.django_db
class TestPlanning:
    def test_a_choice_is_kept_once_each_and_in_order(self, doing, reviewer):
        assert doing.actions.plan(doing.verb, [3, 1, 3, 2], reviewer).ids == [3, 1, 2]

    @pytest.mark.parametrize("ids", [[], range(1, MAX_ROWS + 2)])
    def test_nothing_and_too_much(self, doing, reviewer, ids):
        with pytest.raises(ActionRefused):
            doing.actions.plan(doing.verb, ids, reviewer)
        assert not StaffAction.objects.exists()

    def test_as_many_as_may_be(self, doing, reviewer):
        highest = 2**62
        action = doing.actions.plan(doing.verb, range(highest, highest + MAX_ROWS), reviewer)
        assert StaffAction.objects.values_list("ids", flat=True).get(pk=action.pk)[-1] == highest + MAX_ROWS - 1

    def test_it_takes_the_permission(self, doing):
        with pytest.raises(ActionRefused):
            doing.actions.plan(doing.verb, [1], UserFactory(staff=True))

    def test_a_row_that_is_gone_is_told_of(self, doing, reviewer):
        (pk,) = rows(1)
        action = doing.actions.plan(doing.verb, [pk, pk + 1], reviewer)
        there, gone = doing.actions.foresee(action, 20, reviewer)
        assert (there.steps, gone.row, gone.refusal) == (
            ("It goes.",),
            f"#{pk + 1}",
            "It is not there any more.",
        )


@pytest.mark.django_db(transaction=True)
class TestConfirming:
    @pytest.mark.parametrize("reason", ["", " \t", "\0", "\0 \0"])
    def test_a_reason_is_needed(self, doing, reviewer, reason):
        action = doing.actions.plan(doing.verb, rows(1), reviewer)
        with pytest.raises(ReasonMissing):
            doing.actions.confirm(action.pk, reviewer, reason)

    def test_a_reason_has_an_end(self, doing, reviewer):
        action = doing.actions.plan(doing.verb, rows(1), reviewer)
        with pytest.raises(ActionRefused):
            doing.actions.confirm(action.pk, reviewer, "x" * 501)
        assert doing.actions.confirm(action.pk, reviewer, " a\0 \n b ").reason == "a b"

    def test_a_few_are_done_at_once_and_many_are_left(self, doing, reviewer):
        few = doing.actions.confirm(doing.actions.plan(doing.verb, rows(10), reviewer).pk, reviewer, "why")
        assert (few.state, few.done, doing.heard) == ("done", 10, [])
        many = doing.actions.confirm(doing.actions.plan(doing.verb, rows(11), reviewer).pk, reviewer, "why")
        assert (many.state, doing.heard) == ("running", [many.pk])

    def test_not_for_others_not_twice_and_not_late(self, doing, reviewer):
        action = doing.actions.plan(doing.verb, rows(1), reviewer)
        with pytest.raises(ActionRefused, match="may not"):
            doing.actions.confirm(action.pk, UserFactory(superuser=True), "why")
        with time_machine.travel(timezone.now() + PLANS_KEPT), pytest.raises(ActionRefused, match="too long ago"):
            doing.actions.confirm(action.pk, reviewer, "why")
        doing.actions.confirm(action.pk, reviewer, "why")
        with pytest.raises(ActionRefused, match="already"):
            doing.actions.confirm(action.pk, reviewer, "why")

    def test_a_verb_that_is_gone_is_not_confirmed(self, doing, reviewer):
        action = doing.actions.plan(doing.verb, rows(1), reviewer)
        with pytest.raises(ActionRefused, match="not known"):
            doing.forgetful.confirm(action.pk, reviewer, "why")

    @needs_row_locks
    def test_of_several_at_once_one_is_taken(self, doing, reviewer):
        action = doing.actions.plan(doing.verb, rows(11), reviewer)
        outcomes = together(lambda: doing.actions.confirm(action.pk, reviewer, "why"))
        assert sorted(type(one).__name__ for one in outcomes) == ["ActionRefused"] * 5 + ["StaffAction"]
        assert doing.heard == [action.pk]


@pytest.mark.django_db(transaction=True)
class TestDoing:
    def test_what_is_refused_is_told_and_the_rest_is_done(self, doing, confirmed):
        action = confirmed(12)
        first, second = action.ids[:2]
        CourseHold.objects.filter(pk=first).delete()
        doing.done.append(second)
        assert doing.actions.run(action.pk) == 12
        assert outcome(action) == ("done", 10, 2, 12)
        assert action.refusals == [[first, "It is not there any more."], [second, "It is off already."]]
        assert LogEntry.objects.filter(change_message="Switch off: why").count() == 10

    def test_all_refusals_are_counted_and_the_first_are_kept(self, doing, confirmed):
        action = confirmed(KEPT_REFUSALS + 5)
        doing.done.extend(action.ids)
        doing.actions.run(action.pk)
        action.refresh_from_db()
        assert (action.refused, len(action.refusals)) == (KEPT_REFUSALS + 5, KEPT_REFUSALS)

    def test_what_goes_wrong_with_one_row_stops_no_other(self, doing, confirmed, caplog):
        def fail(number):
            if number == 3:
                raise ValueError("Amal")

        doing.meanwhile = fail
        action = confirmed(12)
        doing.actions.run(action.pk)
        assert outcome(action) == ("done", 11, 1, 12)
        assert "ValueError" in caplog.text
        assert "Amal" not in caplog.text

    def test_a_right_that_is_withdrawn_ends_it(self, doing, confirmed, reviewer):
        doing.meanwhile = lambda number: reviewer.user_permissions.clear() if number == 1 else None
        action = confirmed(SAME_PERSON + 5)
        doing.actions.run(action.pk)
        assert outcome(action) == ("done", SAME_PERSON, 5, SAME_PERSON + 5)
        assert action.refusals[0][1] == "You may not do this."

    def test_somebody_who_leaves_ends_it(self, doing, confirmed, reviewer):
        doing.meanwhile = lambda number: reviewer.delete() if number == 1 else None
        action = confirmed(SAME_PERSON + 5)
        doing.actions.run(action.pk)
        assert outcome(action) == ("done", SAME_PERSON, 5, SAME_PERSON + 5)
        assert action.by_id is None
        assert not LogEntry.objects.exists()

    def test_a_worker_that_dies_is_followed_by_another(self, doing, confirmed):
        class Killed(BaseException):
            pass

        def kill(number):
            if number == 3:
                raise Killed

        doing.meanwhile = kill
        action = confirmed(12)
        with pytest.raises(Killed):
            doing.actions.run(action.pk)
        assert outcome(action) == ("running", 2, 0, 2)
        assert doing.actions.run_due() == 0
        with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
            assert doing.actions.run_due() == 10
        # The row at which it died had been done, and was not done twice.
        assert outcome(action) == ("done", 11, 1, 12)
        assert len(doing.done) == len(set(doing.done)) == 12

    def test_a_worker_whose_lease_was_lost_stops(self, doing, confirmed):
        action = confirmed(12)
        other = timezone.now() + 3 * LEASE
        lose = lambda number: StaffAction.objects.update(leased_until=other) if number == 3 else None  # noqa: E731
        doing.meanwhile = lose
        assert doing.actions.run(action.pk) == 3
        assert outcome(action) == ("running", 2, 0, 2)

    def test_an_action_that_is_deleted_ends(self, doing, confirmed):
        doing.meanwhile = lambda number: StaffAction.objects.all().delete()
        assert doing.actions.run(confirmed(12).pk) == 1

    @needs_row_locks
    def test_of_several_workers_one_works(self, doing, confirmed):
        action = confirmed(30)
        assert sorted(together(lambda: doing.actions.run(action.pk))) == [0, 0, 0, 0, 0, 30]
        assert outcome(action) == ("done", 30, 0, 30)
        assert doing.done == action.ids


@pytest.mark.django_db(transaction=True)
class TestWhatChangesMeanwhile:
    """Between the look and the deed rows change; what was not foreseen is not done."""

    CHANGED = "It has changed since you looked at it. Please look at it again."

    @pytest.fixture
    def sending(self):
        """A verb over rows that have a state, with what it was done to."""
        done = []
        may = "proctoring.redeliver_outboxmessage"
        verb = Verb(
            "send",
            OutboxMessage,
            "Send",
            "Rows go.",
            may,
            lambda row, user: ["It goes."],
            lambda row, user, reason: done.append(row.pk),
            marked_by="state",
        )
        return StaffActions(StaffAction, Verbs([verb]), confirmed=Announcement()), verb, done

    @pytest.fixture
    def messages(self):
        return [OutboxMessage.objects.create(kind="k", destination="d", state="dead") for _ in range(3)]

    def test_a_row_that_changed_is_left_as_it_is(self, sending, messages):
        actions, verb, done = sending
        by = UserFactory(superuser=True)
        action = actions.plan(verb, [message.pk for message in messages], by)
        assert action.marks == ["dead"] * 3
        OutboxMessage.objects.filter(pk=messages[1].pk).update(state="done")

        looks = actions.foresee(action, 20, by)
        ended = actions.confirm(action.pk, by, "why")

        assert [look.refusal for look in looks] == ["", self.CHANGED, ""]
        assert (ended.done, ended.refused) == (2, 1)
        assert ended.refusals == [[messages[1].pk, self.CHANGED]]
        assert done == [messages[0].pk, messages[2].pk]

    def test_rows_that_were_not_there_have_no_mark(self, sending, messages):
        actions, verb, _done = sending
        missing = messages[-1].pk + 1
        action = actions.plan(verb, [missing, messages[0].pk], UserFactory(superuser=True))
        assert action.marks == ["", "dead"]

    def test_rows_without_a_status_have_no_mark(self, doing, reviewer):
        assert doing.actions.plan(doing.verb, rows(2), reviewer).marks == ["", ""]

    def test_a_look_reads_what_was_chosen_once(self, sending, messages, django_assert_num_queries):
        actions, verb, _done = sending
        by = UserFactory(superuser=True)
        planned = actions.plan(verb, [message.pk for message in messages], by)
        action = StaffAction.objects.defer("ids", "marks").get(pk=planned.pk)
        with django_assert_num_queries(2):
            actions.foresee(action, 20, by)


@pytest.mark.django_db(transaction=True)
class TestTheSchedule:
    def test_a_verb_that_is_gone_is_told_of_and_keeps_nobody_waiting(self, doing, confirmed):
        orphan, other = confirmed(KEPT_REFUSALS + 1), confirmed(12)
        StaffAction.objects.filter(pk=orphan.pk).update(verb="gone")
        doing.actions.run_due()
        assert outcome(orphan) == ("done", 0, KEPT_REFUSALS + 1, KEPT_REFUSALS + 1)
        assert (len(orphan.refusals), orphan.refusals[0]) == (KEPT_REFUSALS, [orphan.ids[0], str(UNKNOWN)])
        assert outcome(other)[0] == "done"

    def test_an_action_that_breaks_off_keeps_no_other_waiting(self, doing, confirmed, caplog):
        broken, other = confirmed(3), confirmed(12)
        StaffAction.objects.filter(pk=broken.pk).update(ids=5)
        doing.actions.run_due()
        assert outcome(other)[0] == "done"
        assert f"A staff action broke off: action={broken.pk} error=TypeError" in caplog.text

    def test_what_nobody_confirmed_is_forgotten(self, doing, reviewer):
        action = doing.actions.plan(doing.verb, rows(1), reviewer)
        doing.actions.run_due()
        assert StaffAction.objects.exists()
        StaffAction.objects.filter(pk=action.pk).update(created=timezone.now() - PLANS_KEPT - timedelta(minutes=1))
        doing.actions.run_due()
        assert not StaffAction.objects.exists()
