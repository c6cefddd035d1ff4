"""Planning, confirming and doing actions."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.log import log_line
from proctoring.common.acting.records import MAX_REASON, AbstractStaffAction, ActionState
from proctoring.common.acting.verbs import ActionRefused, ChangedMeanwhile, Foresight, ReasonMissing, Verb, Verbs
from proctoring.common.announce import Announcement, announce
from proctoring.common.errors import DomainError

logger = logging.getLogger(__name__)

# So many rows are done while their chooser waits; more are left to the task queue.
AT_ONCE = 10
MAX_ROWS = 100_000
# So many refusals are kept with their sentences; all are counted.
KEPT_REFUSALS = 200
LEASE = timedelta(minutes=5)
PLANS_KEPT = timedelta(days=1)
# After so many rows it is looked again who is at work, and what they may do.
SAME_PERSON = 50

GONE = _("It is not there any more.")
FAILED_HERE = _("Something went wrong on our side. Try this one again.")
UNKNOWN = _("This action is not known any more.")


def sound_reason(reason: str) -> str:
    """The reason as it is kept. Raises ``ReasonMissing``, and ``ActionRefused`` for one that is too long."""
    why = " ".join(reason.replace("\0", "").split())
    if not why:
        raise ReasonMissing
    _require(len(why) <= MAX_REASON, _("Say it in %(number)s characters.") % {"number": MAX_REASON})
    return why


class StaffActions:
    """An app's actions: ``model`` keeps them, ``confirmed`` announces those that are left to the task queue."""

    def __init__(self, model: type[AbstractStaffAction], verbs: Verbs, *, confirmed: Announcement) -> None:
        self.model = model
        self.verbs = verbs
        self._confirmed = confirmed

    def plan(self, verb: Verb, ids: Iterable[int], by: Any) -> AbstractStaffAction:
        """
        Freeze the choice, and what each row is now, so that nothing is done to one that has changed when it is
        confirmed. Raises ``ActionRefused`` for nothing, for too much, and for somebody who may not.
        """
        chosen = list(dict.fromkeys(ids))
        _require(verb.may(by), _("You may not do this."))
        _require(bool(chosen), _("Nothing was chosen."))
        limit = {"number": MAX_ROWS}
        _require(len(chosen) <= MAX_ROWS, _("Choose %(number)s rows at most at a time.") % limit)
        frozen: dict[str, Any] = {"by": by, "ids": chosen, "marks": verb.marks(chosen)}
        return self.model._default_manager.create(verb=verb.name, total=len(chosen), **frozen)

    def foresee(self, action: AbstractStaffAction, limit: int, user: Any) -> list[Foresight]:
        """What will follow for the first rows."""
        verb = self._verb(action)
        ids, marks = self.model._default_manager.values_list("ids", "marks").get(pk=action.pk)
        first = dict(zip(ids[:limit], marks[:limit], strict=True))
        found = verb.rows().in_bulk(list(first))
        return [_look(verb, pk, found.get(pk), mark, user) for pk, mark in first.items()]

    def confirm(self, action_id: int, by: Any, reason: str) -> AbstractStaffAction:
        """
        ``by``, who planned it, means it. A few rows are done before this returns, more by the task queue.

        Raises ``ReasonMissing``, ``ActionRefused`` for what is not theirs, confirmed already or too old, and
        ``DoesNotExist``. Not to be called in a transaction: verbs may talk to vendors.
        """
        why = sound_reason(reason)
        with transaction.atomic():
            # The chosen rows are many, and not asked for here.
            action = self.model._default_manager.select_for_update().defer("ids", "marks").get(pk=action_id)
            self._check(action, by)
            action.reason, action.state, action.confirmed_at = why, ActionState.RUNNING, timezone.now()
            action.save(update_fields=["reason", "state", "confirmed_at"])
            if action.total > AT_ONCE:
                announce(self._confirmed, self.model, action_id=action.pk)
        if action.total <= AT_ONCE:
            self.run(action.pk)
            action = self.model._default_manager.get(pk=action_id)
        return action

    def run(self, action_id: int) -> int:
        """
        Go through the rows of a confirmed action from where it stands; how many rows that were.

        Two workers never work on one action at a time. What a worker that died did last may be done again.
        """
        lease = self._claim(action_id)
        if lease is None:
            return 0
        action = self.model._default_manager.get(pk=action_id)
        verb = self.verbs.get(action.verb)
        gone_through = self._refuse_rest(action, lease) if verb is None else self._go_through(action, verb, lease)
        logger.info("A staff action was worked at: action=%s verb=%s rows=%s", action_id, action.verb, gone_through)
        return gone_through

    def run_due(self) -> int:
        """Go on with what a worker that died left, and forget what was never confirmed; how many rows that were."""
        rows = self.model._default_manager
        rows.filter(state=ActionState.PLANNED, created__lt=timezone.now() - PLANS_KEPT).delete()
        waiting = rows.filter(_free(timezone.now()), state=ActionState.RUNNING).order_by("pk")
        return sum(self._run_by_itself(pk) for pk in waiting.values_list("pk", flat=True))

    def _run_by_itself(self, action_id: int) -> int:
        """What is wrong with one action keeps no other waiting."""
        try:
            return self.run(action_id)
        except Exception as error:
            logger.error("A staff action broke off: action=%s error=%s", action_id, type(error).__name__)
            return 0

    def _go_through(self, action: AbstractStaffAction, verb: Verb, lease: datetime) -> int:
        """Row by row, from where the action stands; how many rows that were. It ends early where the lease is lost."""
        left = list(zip(action.ids[action.position :], action.marks[action.position :], strict=True))
        by = None
        for number, (pk, mark) in enumerate(left):
            if number % SAME_PERSON == 0:
                # Asked anew: a right may be withdrawn, and a person leave, while thousands of rows are gone through.
                by = get_user_model()._default_manager.filter(pk__in=[action.by_id]).first()
            kept = self._keep(action, lease, pk, self._one(verb, (pk, mark), action, by))
            if kept is None:
                return number + 1
            lease = kept
        self._end(action, lease)
        return len(left)

    def _refuse_rest(self, action: AbstractStaffAction, lease: datetime) -> int:
        """The verb has left the code while rows waited for it."""
        left = action.ids[action.position :]
        kept = left[: max(0, KEPT_REFUSALS - len(action.refusals))]
        self._end(
            action,
            lease,
            position=action.total,
            refused=action.refused + len(left),
            refusals=[*action.refusals, *([pk, str(UNKNOWN)] for pk in kept)],
        )
        return len(left)

    def _end(self, action: AbstractStaffAction, lease: datetime, **values: Any) -> None:
        ended = {"state": ActionState.DONE, "finished_at": timezone.now(), "leased_until": None}
        self._mine(action.pk, lease).update(**ended, **values)

    def _verb(self, action: AbstractStaffAction) -> Verb:
        verb = self.verbs.get(action.verb)
        if verb is None:
            raise ActionRefused(UNKNOWN)
        return verb

    def _check(self, action: AbstractStaffAction, by: Any) -> None:
        _require(action.by_id == by.pk and self._verb(action).may(by), _("You may not do this."))
        _require(action.state == ActionState.PLANNED, _("This was confirmed already."))
        fresh = action.created > timezone.now() - PLANS_KEPT
        _require(fresh, _("This was chosen too long ago. Please choose again."))

    def _claim(self, action_id: int) -> datetime | None:
        now = timezone.now()
        lease = now + LEASE
        free = self.model._default_manager.filter(_free(now), pk=action_id, state=ActionState.RUNNING)
        return lease if free.update(leased_until=lease) else None

    def _mine(self, action_id: int, lease: datetime) -> Any:
        return self.model._default_manager.filter(pk=action_id, leased_until=lease)

    def _one(self, verb: Verb, chosen: tuple[int, str], action: AbstractStaffAction, by: Any) -> str:
        """Do it to one row, of which the id and the mark were kept: empty, or the sentence by which it was refused."""
        pk, mark = chosen
        try:
            row = verb.rows().filter(pk=pk).first()
            if row is None:
                return str(GONE)
            _require(by is not None and verb.may(by), _("You may not do this."))
            if verb.mark(row) != mark:
                raise ChangedMeanwhile
            verb.perform(row, by, action.reason)
        except DomainError as refusal:
            return refusal.detail
        except Exception as error:
            logger.error("A staff action failed: action=%s row=%s error=%s", action.pk, pk, type(error).__name__)
            return str(FAILED_HERE)
        log_line(verb.model, pk, by, verb.logged(action.reason))
        return ""

    def _keep(self, action: AbstractStaffAction, lease: datetime, pk: int, refusal: str) -> datetime | None:
        """Keep how far it is; the lease from now on, None where it is another worker's now."""
        action.position += 1
        values: dict[str, Any] = {"position": action.position}
        if not refusal:
            action.done += 1
            values["done"] = action.done
        else:
            action.refused += 1
            values["refused"] = action.refused
            if len(action.refusals) < KEPT_REFUSALS:
                action.refusals.append([pk, refusal])
                values["refusals"] = action.refusals
        longer = timezone.now() + LEASE
        return longer if self._mine(action.pk, lease).update(leased_until=longer, **values) else None


def _look(verb: Verb, pk: int, row: Any, mark: str, user: Any) -> Foresight:
    if row is None:
        return Foresight(f"#{pk}", refusal=str(GONE))
    if verb.mark(row) != mark:
        return Foresight(row, refusal=ChangedMeanwhile().detail)
    return verb.look(row, user)


def _free(now: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lte=now)


def _require(permitted: bool, sentence: Any) -> None:
    if not permitted:
        raise ActionRefused(sentence)
