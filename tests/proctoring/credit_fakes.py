"""What a credit service says of a learner's requirements."""

from typing import Any


def requirement(order: int, status: str | None, name: str = "", namespace: str = "proctored_exam") -> dict[str, Any]:
    """One requirement of a course; what is not named is called by its number."""
    return {
        "namespace": namespace,
        "name": name or f"requirement-{order}",
        "display_name": f"No. {order}",
        "status": status,
        "order": order,
    }
