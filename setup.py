"""Packaging of the two apps; the demo and the tests are not part of the distribution."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
DATA = ["py.typed", "templates/**", "common/admin/templates/**", "static/**", "locale/**", "rest/openapi.yaml"]
# Found by platforms with plugins. Their own code says edx_proctoring, so that the app with the old names comes too.
PLUGIN_APPS = [
    "proctoring = proctoring.apps:ProctoringConfig",
    "proctoring_compat = proctoring.compat.apps:ProctoringCompatConfig",
]


def version() -> str:
    """The version that ``proctoring`` names; read as text, since its requirements may not be installed yet."""
    found = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "proctoring/__init__.py").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError("proctoring/__init__.py names no __version__")
    return found[1]


def requirements(name: str) -> list[str]:
    """The lines of a requirements file that name a package."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements" / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("-")]


setup(
    name="special-exams",
    version=version(),
    description="Timed, practice, onboarding and proctored exams, and identity verification, for learning platforms.",
    long_description=(ROOT / "README.rst").read_text(),
    long_description_content_type="text/x-rst",
    license_expression="AGPL-3.0-or-later",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["proctoring", "proctoring.*", "verify_student", "verify_student.*"]),
    package_data={"proctoring": DATA, "verify_student": DATA},
    include_package_data=False,
    install_requires=requirements("base.in"),
    extras_require={"s3": ["django-storages[s3]>=1.14"]},
    entry_points={
        "lms.djangoapp": PLUGIN_APPS,
        "cms.djangoapp": PLUGIN_APPS,
        "openedx.proctoring": [
            "null = proctoring.backends.null:NullBackendProvider",
            "mock = proctoring.backends.mock:MockProctoringBackendProvider",
            "software_secure = proctoring.backends.software_secure:SoftwareSecureBackendProvider",
            "rpnow4 = proctoring.backends.software_secure:SoftwareSecureBackendProvider",
        ],
    },
    zip_safe=False,
    keywords=["django", "exams", "proctoring", "open edx"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: Web Environment",
        "Framework :: Django",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
    ],
)
