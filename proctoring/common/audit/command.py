"""``verify_audit_log``: whether anybody has changed an audit log behind the application's back."""

import re
from typing import Any, TextIO, cast

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from proctoring.common.audit.log import AuditLog
from proctoring.common.audit.seals import Head
from proctoring.common.audit.verifying import findings
from proctoring.common.commands import bad_usage, progress

HEAD = re.compile(r"(?P<log>\w+):(?P<sequence>[1-9]\d{0,17}):(?P<seal>[0-9a-f]{64})")


class VerifyAuditLogCommand(BaseCommand):
    """Reads only, the logs of every installed app. Exit code 1 where something was found, each on a line of its own."""

    help = (
        "Look for entries of the audit logs that were changed, removed, inserted or moved, and say the head of each "
        "log. Keep the heads elsewhere: --expect then shows whether the end was cut off. Reads only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="LOG:SEQUENCE:SEAL",
            help="a head that was printed before and has to be there still; can be given once for each log",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logs = {log.name: log for log in registered()}
        expected = dict(_head(text, logs) for text in options["expect"])
        found = sum(self._verified(log, expected.get(name)) for name, log in logs.items())
        if found:
            raise CommandError(f"{found} findings. docs/runbooks.rst says what to do.")
        self.stdout.write(self.style.SUCCESS("Nothing was changed behind the application's back."))

    def _verified(self, log: AuditLog, expected: Head | None) -> int:
        # Asked beforehand: what is sealed meanwhile is for the next time.
        head, number = log.head(), 0
        with progress(cast(TextIO, self.stderr._out)) as advance:
            for finding in findings(log, advance, expected):
                number += 1
                self.stdout.write(self.style.ERROR(f"{log.name}: {finding}"))
        self.stdout.write(f"head {log.name}:{head}" if head else f"{log.name}: no entry has been sealed yet")
        return number


def registered() -> list[AuditLog]:
    """The logs of the installed apps."""
    named = [getattr(config, "audit_log", "") for config in apps.get_app_configs()]
    return [import_string(path) for path in named if path]


def _head(text: str, logs: dict[str, AuditLog]) -> tuple[str, Head]:
    match = HEAD.fullmatch(text.strip())
    if match is None or match["log"] not in logs:
        raise bad_usage(f"--expect: {text!r} is no head like proctoring:152:9f…, of one of: {', '.join(logs)}.")
    return match["log"], Head(int(match["sequence"]), match["seal"])
