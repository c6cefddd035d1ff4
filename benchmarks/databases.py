"""Databases of the benchmarks' own: made anew, and emptied again and again."""

import os
import sys
from urllib.parse import urlsplit


def set_up() -> None:
    """Make the database that ``DATABASE_URL`` names anew, and its tables; Django is ready then. Only one for this."""
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
    if not name.startswith("bench"):
        sys.exit(f"The database is called {name}: it would be emptied, so its name has to begin with bench.")
    # Only needed here: a newcomer has no driver of PostgreSQL.
    import django
    import psycopg

    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0].replace("postgres://", "postgresql://")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    django.setup()
    # Needs the settings to be there.
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
