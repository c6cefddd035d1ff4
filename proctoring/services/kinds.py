"""What sort of exam it is, for programs and in words (contract python.md §4.12, ``get_exam_type``)."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.models import ProctoredExam
from proctoring.screens import ExamKind
from proctoring.services.access import exam_kind

IN_WORDS = MappingProxyType(
    {
        ExamKind.TIMED: _("a timed exam"),
        ExamKind.PROCTORED: _("a proctored exam"),
        ExamKind.PRACTICE: _("a practice exam"),
        ExamKind.ONBOARDING: _("an onboarding exam"),
    }
)


def exam_type(exam: ProctoredExam, provider: ProctoringBackendProvider | None) -> ExamKind:
    """The kind; clients know practice without proctoring, which nobody supports, as ``proctored``."""
    return exam_kind(exam, provider) or ExamKind.PROCTORED


def humanized_type(exam: ProctoredExam, provider: ProctoringBackendProvider | None) -> str:
    """The kind with its article, in the active language."""
    return str(IN_WORDS[exam_type(exam, provider)])
