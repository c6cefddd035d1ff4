"""
Opt-in: the verifications' own methods, as platforms call them (contract §1.4-1.9), and the import names of the
platform's own app. Add ``verify_student.compat`` to ``INSTALLED_APPS``, behind ``verify_student``.

``lms.djangoapps.verify_student`` and the modules below it can be imported as soon as this package has been; a settings
module that needs them earlier says ``import verify_student.compat``.
"""

from proctoring.common.aliases import Aliases

aliases = Aliases(
    root="lms.djangoapps.verify_student",
    package="verify_student",
    # Old modules whose names lie elsewhere here.
    elsewhere={
        "exceptions": "verify_student.compat.exceptions",
        "message_types": "verify_student.services.mail.kinds",
        "services": "verify_student.api",
        "signals": "verify_student.compat.signals",
        "signals.handlers": "verify_student.receivers",
        "signals.signals": "verify_student.signals",
        "tasks": "verify_student.compat.tasks",
        "utils": "verify_student.api",
    },
)
aliases.install()
