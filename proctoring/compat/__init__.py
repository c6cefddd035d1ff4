"""
Names that code written for older sites expects where this app has none, mapped onto what there is.

Opt in by adding ``proctoring.compat`` to ``INSTALLED_APPS``, after ``proctoring``. Nothing of the app itself uses them.
``edx_proctoring`` and the modules below it can be imported as soon as this package has been (contract python.md §0);
a settings module that needs them earlier says ``import proctoring.compat``.
"""

from proctoring.common.aliases import Aliases

aliases = Aliases(
    root="edx_proctoring",
    package="proctoring",
    # Old modules whose names lie elsewhere here.
    elsewhere={
        "apps": "proctoring.compat.apps",
        "backends.backend": "proctoring.backends.base",
        "constants": "proctoring.compat.constants",
        "handlers": "proctoring.receivers",
        "instructor_dashboard_exam_urls": "proctoring.urls.studio",
        "rules": "proctoring.compat.rules",
        "runtime": "proctoring.lms",
        "services": "proctoring.api.service",
        "utils": "proctoring.api",
    },
)
aliases.install()
