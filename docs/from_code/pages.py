"""The directives, by the names that the pages call them."""

from collections.abc import Callable

from docs.from_code import diagrams, operating, ports, privacy, settings, signals
from proctoring.statuses import ATTEMPT_MACHINE
from verify_student.statuses import PHOTO_MACHINE

DIRECTIVES: dict[str, Callable[[], str]] = {
    "transition-table": ATTEMPT_MACHINE.as_rst,
    "transition-diagram": diagrams.of_exams,
    "identity-transition-table": PHOTO_MACHINE.as_rst,
    "identity-transition-diagram": diagrams.of_identity,
    "exam-settings": settings.of_exams,
    "exam-settings-elsewhere": settings.others_of_exams,
    "identity-settings": settings.of_identity,
    "identity-settings-elsewhere": settings.others_of_identity,
    "backend-options": settings.options,
    "exam-signals": signals.of_exams,
    "identity-signals": signals.of_identity,
    "exam-ports": ports.of_exams,
    "identity-ports": ports.of_identity,
    "exam-port-types": ports.types_of_exams,
    "identity-port-types": ports.types_of_identity,
    "exam-policies": privacy.of_exams,
    "identity-policies": privacy.of_identity,
    "permissions": operating.permissions,
    "usual-permissions": operating.usual_permissions,
    "commands": operating.commands,
    "metrics": operating.all_metrics,
    "schedules": operating.schedules,
}
