"""Planning, confirming and doing actions."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.records import MAX_REASON, AbstractStaffAction, ActionState
from proctoring.common.acting.verbs import ActionRefused, Foresight, ReasonMissing, Verb, Verbs
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

GONE = _("It is not there any more.")
FAILED_HERE = _("Something went wrong on our side. Try this one again.")


class StaffActions:
    """An app's actions: ``model`` keeps them, ``confirmed`` announces those that are left to the task queue."""

    def __init__(self, model: type[AbstractStaffAction], verbs: Verbs, *, confirmed: Announcement) -> None:
        self.model = model
        self.verbs = verbs
        self._confirmed = confirmed

    def plan(self, verb: Verb, ids: Iterable[int], by: Any) -> AbstractStaffAction:
        """Freeze the choice. Raises ``ActionRefused`` for nothing, for too much, and for somebody who may not."""
        chosen = list(dict.fromkeys(ids))
        _require(verb.may(by), _("You may not do this."))
        _require(bool(chosen), _("Nothing was chosen."))
        limit = {"number": MAX_ROWS}
        _require(len(chosen) <= MAX_ROWS, _("Choose %(number)s rows at most at a time.") % limit)
        chosen_by: dict[str, Any] = {"by": by}
        return self.model._default_manager.create(verb=verb.name, ids=chosen, total=len(chosen), **chosen_by)

    def foresee(self, action: AbstractStaffAction, limit: int, user: Any) -> list[Foresight]:
        """What will follow for the first rows."""
        verb = self._verb(action)
        found = verb.rows().in_bulk(action.ids[:limit])
        return [verb.look(found[pk], user) for pk in action.ids[:limit] if pk in found]

    def confirm(self, action_id: int, by: Any, reason: str) -> AbstractStaffAction:
        """
        ``by``, who planned it, means it. A few rows are done before this returns, more by the task queue.

        Raises ``ReasonMissing``, ``ActionRefused`` for what is not theirs, confirmed already or too old, and
        ``DoesNotExist``. Not to be called in a transaction: verbs may talk to vendors.
        """
        why = " ".join(reason.replace("\0", "").split())
        if not why:
            raise ReasonMissing
        _require(len(why) <= MAX_REASON, _("Say it in %(number)s characters.") % {"number": MAX_REASON})
        with transaction.atomic():
            action = self.model._default_manager.select_for_update().get(pk=action_id)
            self._check(action, by)
            action.reason, action.state, action.confirmed_at = why, ActionState.RUNNING, timezone.now()
            action.save(update_fields=["reason", "state", "confirmed_at"])
            if action.total > AT_ONCE:
                announce(self._confirmed, self.model, action_id=action.pk)
        if action.total <= AT_ONCE:
            self.run(action.pk)
            action.refresh_from_db()
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
        verb, gone_through = self._verb(action), 0
        for pk in action.ids[action.position :]:
            refusal = self._one(verb, pk, action)
            gone_through += 1
            lease = self._kept(action, pk, refusal, lease)
            if lease is None:
                return gone_through
        self._mine(action_id, lease).update(state=ActionState.DONE, finished_at=timezone.now(), leased_until=None)
        logger.info("A staff action is done: action=%s verb=%s rows=%s", action_id, verb.name, action.total)
        return gone_through

    def run_due(self) -> int:
        """Go on with what a worker that died left, and forget what was never confirmed; how many rows that were."""
        rows = self.model._default_manager
        rows.filter(state=ActionState.PLANNED, created__lt=timezone.now() - PLANS_KEPT).delete()
        waiting = rows.filter(_free(timezone.now()), state=ActionState.RUNNING).order_by("pk")
        return sum(self.run(pk) for pk in waiting.values_list("pk", flat=True))

    def _verb(self, action: AbstractStaffAction) -> Verb:
        verb = self.verbs.get(action.verb)
        if verb is None:
            raise ActionRefused(_("This action is not known any more."))
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

    def _one(self, verb: Verb, pk: int, action: AbstractStaffAction) -> str:
        """Do it to one row: empty, or the sentence by which it was refused."""
        row = verb.rows().filter(pk=pk).first()
        if row is None:
            return str(GONE)
        named = str(row)
        try:
            _require(action.by is not None and verb.may(action.by), _("You may not do this."))
            verb.perform(row, action.by, action.reason)
        except DomainError as refusal:
            return refusal.detail
        except Exception as error:
            logger.error("A staff action failed: action=%s row=%s error=%s", action.pk, pk, type(error).__name__)
            return str(FAILED_HERE)
        log_line(verb, pk, named, action)
        return ""

    def _kept(self, action: AbstractStaffAction, pk: int, refusal: str, lease: datetime) -> datetime | None:
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


def log_line(verb: Verb, pk: int, named: str, action: AbstractStaffAction) -> None:
    """The admin's own record of the row."""
    if not apps.is_installed("django.contrib.admin"):
        return
    # A host without the admin cannot import its models.
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.contenttypes.models import ContentType

    LogEntry.objects.create(
        user_id=action.by.pk,
        content_type_id=ContentType.objects.get_for_model(verb.model).pk,
        object_id=str(pk),
        object_repr=named[:200],
        action_flag=CHANGE,
        change_message=f"{verb.label}: {action.reason}",
    )


def _free(now: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lte=now)


def _require(permitted: bool, sentence: Any) -> None:
    if not permitted:
        raise ActionRefused(sentence)
