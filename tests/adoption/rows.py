"""The rows as they were published."""

from typing import Any

from proctoring.common.adoption import Published


def published_rows() -> dict[str, Any]:
    """Table -> rows, of the columns in the file of tables alone."""
    found: dict[str, Any] = {}
    for label in ("proctoring", "verify_student"):
        for model in Published(label).models:
            columns = sorted(field.attname for field in model._meta.concrete_fields)
            found[model._meta.db_table] = [[str(value) for value in row] for row in _rows(model, columns)]
    return found


def _rows(model: Any, columns: list[str]) -> Any:
    for row in model._base_manager.order_by("pk").values_list(*columns):
        yield [bytes(value).hex() if isinstance(value, bytes | memoryview) else value for value in row]
