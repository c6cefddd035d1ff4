"""What staff wrote about a learner's rows: reasons of their actions, and lines of the admin's log."""

from collections.abc import Collection, Mapping

from django.apps import apps
from django.db.models import Model, QuerySet

from proctoring.common.acting.records import AbstractStaffAction
from proctoring.common.batches import chunked
from proctoring.common.retention.erasures import Tally

# So many keys fit into a statement of any database.
AT_ONCE = 500

Keys = Mapping[type[Model], Collection[int]]


def erase_reasons(
    actions: "QuerySet[AbstractStaffAction]", of_verb: Mapping[str, type[Model]], keys: Keys, tally: Tally
) -> None:
    """
    Blank the reason of every action that went over one of these rows; ``of_verb`` says whose rows a verb is about.

    Actions keep their rows as JSON, so all of those that have a reason are read, some at a time.
    """
    said = actions.filter(verb__in=of_verb).exclude(reason="").order_by("pk")
    found = []
    wanted = {model: set(some) for model, some in keys.items()}
    for pk, verb, ids, reason in said.values_list("pk", "verb", "ids", "reason").iterator(chunk_size=100):
        if not wanted.get(of_verb[verb], set()).isdisjoint(ids):
            tally.add(actions.model._meta.db_table, pk, {"reason": reason})
            found.append(pk)
    for some in chunked(found, AT_ONCE):
        actions.model._default_manager.filter(pk__in=some).update(reason="")


def erase_log(keys: Keys, tally: Tally) -> None:
    """Blank the admin's log of these rows; that there was a change, and whose it was, stays."""
    if not apps.is_installed("django.contrib.admin"):
        return
    # A host without the admin cannot import its models.
    from django.contrib.admin.models import LogEntry
    from django.contrib.contenttypes.models import ContentType

    for model, ids in keys.items():
        kind = ContentType.objects.get_for_model(model)
        for some in chunked(sorted(ids), AT_ONCE):
            lines = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in some])
            said = lines.exclude(change_message="").order_by("pk")
            found = list(said.values_list("pk", "change_message"))
            for pk, message in found:
                tally.add(LogEntry._meta.db_table, pk, {"change_message": message})
            LogEntry.objects.filter(pk__in=[pk for pk, _ in found]).update(change_message="")
