"""
``python -m benchmarks.starting FILE [APP ...]``: set Django up with a bare site and these apps, as web servers do, and
write in FILE what that took, as JSON.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

BARE = (
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "simple_history",
    "rest_framework",
)
ADMIN_TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def set_up(apps: list[str]) -> dict[str, Any]:
    """Seconds of processors, MiB, statements to the database, and how many modules there are then."""
    began = time.process_time()
    # What is measured begins here.
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bench",  # noqa: S106 - of nobody
        INSTALLED_APPS=[*BARE, *apps],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=ADMIN_TEMPLATES,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        PROCTORING_BACKENDS={"DEFAULT": "null", "null": {"class": "proctoring.backends.null.NullBackendProvider"}},
        PROCTORING_USER_OBFUSCATION_KEY="bench",
    )
    # Needs the settings.
    from django.db.backends.signals import connection_created

    asked: list[object] = []
    connection_created.connect(lambda connection, **_: connection.execute_wrappers.append(_counting(asked)), weak=False)
    django.setup()
    seconds = time.process_time() - began
    status = Path("/proc/self/status").read_text()
    return {
        "seconds": seconds,
        "mebibytes": int(status.partition("VmRSS:")[2].split()[0]) / 1024,
        "statements": len(asked),
        "modules": len(sys.modules),
    }


def _counting(asked: list[object]) -> Any:
    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, parameters, many, context)

    return count


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(set_up(sys.argv[2:])))
