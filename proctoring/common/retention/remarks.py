"""What staff wrote about a learner's rows: reasons of their actions, and lines of the admin's log."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Concat

from proctoring.common.acting.records import AbstractStaffAction
from proctoring.common.batches import chunked, in_batches
from proctoring.common.retention.erasures import Tally

# So many keys fit into a statement of any database.
AT_ONCE = 500
# An action may be about 100,000 rows, and some drivers read a whole answer into memory.
ACTIONS_AT_ONCE = 20

Keys = Mapping[type[Model], Collection[int]]
Actions = QuerySet[AbstractStaffAction]


def erase_reasons(
    actions: Actions, of_verb: Mapping[str, type[Model]], keys: Keys, tally: Tally, free: Callable[[Actions], Actions]
) -> None:
    """
    Blank the reason of every action that went over one of these rows; ``of_verb`` says whose rows a verb is about. One
    that went over others' rows too stays unless it is ``free`` of holds, and is counted as withheld.

    Actions keep their rows as JSON, so all of those that have a reason are read, some at a time. That takes its time:
    to be called before rows that others wait for are locked.
    """
    said = actions.filter(verb__in=of_verb).exclude(reason="").only("verb", "ids", "reason")
    wanted = {model: set(some) for model, some in keys.items()}
    found = []
    for some in in_batches(said, ACTIONS_AT_ONCE):
        theirs = {action.pk: wanted.get(of_verb[action.verb], set()) for action in some}
        about = [action for action in some if not theirs[action.pk].isdisjoint(action.ids)]
        shared = {action.pk for action in about if not theirs[action.pk].issuperset(action.ids)}
        kept = shared.difference(_keys(free(actions.filter(pk__in=shared)))) if shared else shared
        tally.withheld += len(kept)
        for action in about:
            if action.pk not in kept:
                tally.add(actions.model._meta.db_table, action.pk, {"reason": action.reason})
                found.append(action.pk)
    for pks in chunked(found, AT_ONCE):
        actions.model._default_manager.filter(pk__in=pks).update(reason="")


def _keys(rows: Actions) -> "QuerySet[Any, int]":
    return rows.order_by().values_list("pk", flat=True)


def erase_log(keys: Keys, tally: Tally) -> None:
    """
    Blank the admin's log of these rows; that there was a change, and whose it was, stays.

    The log also has what a row was called, which may be the learner's name; afterwards it is the row's number.
    """
    if not apps.is_installed("django.contrib.admin"):
        return
    # A host without the admin cannot import its models.
    from django.contrib.admin.models import LogEntry
    from django.contrib.contenttypes.models import ContentType

    for model, ids in keys.items():
        kind = ContentType.objects.get_for_model(model)
        # Not the translated name: erasing again, in another language, finds nothing.
        plain = Concat(Value(f"{model._meta.model_name} "), F("object_id"), output_field=CharField())
        for some in chunked(sorted(ids), AT_ONCE):
            lines = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in some])
            said = lines.alias(plain=plain).exclude(change_message="", object_repr=F("plain")).order_by("pk")
            found = list(said.values_list("pk", "change_message", "object_repr"))
            for pk, message, called in found:
                tally.add(LogEntry._meta.db_table, pk, {"change_message": message, "object_repr": called})
            LogEntry.objects.filter(pk__in=[pk for pk, *_ in found]).update(change_message="", object_repr=plain)
