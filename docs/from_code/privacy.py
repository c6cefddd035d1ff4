"""What is kept of people, from the policies that the purge obeys."""

from collections.abc import Iterable

from docs.from_code.text import literal, prose, table
from proctoring.common.retention.policies import Policy
from proctoring.services import retention as exams
from verify_student.services import retention as identity


def of_exams() -> str:
    return told(exams.POLICIES)


def of_identity() -> str:
    return told(identity.POLICIES)


def told(policies: Iterable[Policy]) -> str:
    """A row for each kind, with the period that a site without settings of its own has."""
    rows = (
        (
            literal(policy.kind),
            f"{prose(str(policy.what))} {prose(str(policy.why))}",
            f"{prose(policy.how_long)} {prose(str(policy.since))}",
            literal(policy.setting) if policy.setting else "–",
            prose(str(policy.at_end)),
        )
        for policy in policies
    )
    return table("15 30 20 15 20", ("Kind", "What, and why", "How long", "Setting", "Then"), rows)
