"""What benchmarks that write rows need."""

import pytest
from django.db import connection


@pytest.fixture
def sequences(db):
    """Numbers are given out for good, whatever becomes of the rows: other tests go on from where they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences")
        before = cursor.fetchall()
    yield
    with connection.cursor() as cursor:
        for name, last in before:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])
