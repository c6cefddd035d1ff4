"""
What a learner may see of an exam right now: every question asked once, answered as one frozen ``Situation``.

``screens.choose`` decides from it; nothing is decided here. Rules: contract python.md §5.1 and §5.6.
"""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from proctoring.backends import get_backend_provider
from proctoring.conf import config
from proctoring.models import ProctoredExam
from proctoring.screens import Situation
from proctoring.serializers import exam_dict
from proctoring.services import prerequisites, timing
from proctoring.services.access.facts import facts_of
from proctoring.services.access.views import View, current_attempt, learner, may_take
from proctoring.statuses import IN_PROGRESS


def snapshot(user_id: int, exam: ProctoredExam, context: Mapping[str, Any], now: datetime) -> Situation:
    """
    The situation of a learner before an exam. At most five queries of ours, however many rows there are.

    ``context`` is the host's (contract python.md §5.6) and is not changed. An overdue running attempt is closed first.
    Raises ``UserNotFoundException`` where there is no such learner, ``NotImplementedError`` for an unknown backend.
    """
    view = View(
        exam=_with_due_date_of(context, exam),
        user_id=user_id,
        attempt=current_attempt(user_id, exam, now),
        provider=get_backend_provider(exam=exam_dict(exam)),
        context=context,
        now=now,
    )
    before = prerequisites.standing(_credit_state(context).get("credit_requirement_status"), exam.content_id)
    permitted, active = _permitted_and_active(view)
    attempt = view.attempt
    return Situation(
        kind=view.kind,
        status=view.status,
        may_take=permitted,
        account_active=active,
        course_ended=_has_passed(_credit_state(context).get("course_end_date"), now),
        past_due=timing.is_past_due(view.exam, user_id, now),
        ready_to_resume=view.ready_to_resume,
        vendor_blocks=_vendor_blocks(view),
        acknowledged=attempt is not None and attempt.is_status_acknowledged,
        viewable_past_due=config.viewable_past_due,
        hide_after_due=exam.hide_after_due,
        prerequisites=before.outcome,
        facts=facts_of(view, before.unmet),
    )


def _permitted_and_active(view: View) -> tuple[bool, bool]:
    """Permission and active account. Timed exams ask for neither (contract python.md §5.2)."""
    if not view.exam.is_proctored:
        return True, True
    user = view.attempt.user if view.attempt else learner(view.user_id)
    return may_take(user, view.exam), user.is_active


def _with_due_date_of(context: Mapping[str, Any], exam: ProctoredExam) -> ProctoredExam:
    """The exam with the host's due date; without that key the stored one stays (contract python.md §9.4 no. 74)."""
    if "due_date" not in context:
        return exam
    seen = copy(exam)
    seen.due_date = context["due_date"]
    return seen


def _vendor_blocks(view: View) -> bool:
    """Only asked about a running attempt: plugins may look at the present request to answer."""
    if view.provider is None or view.attempt is None or view.attempt.status not in IN_PROGRESS:
        return False
    return bool(view.provider.should_block_attempt(view.attempt.pk))


def _credit_state(context: Mapping[str, Any]) -> Mapping[str, Any]:
    return context.get("credit_state") or {}


def _has_passed(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
