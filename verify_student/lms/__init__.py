"""What the host LMS provides: ports, do-nothing defaults and where they are found."""

from typing import cast

from proctoring.common.services import HostServices
from verify_student.conf import config
from verify_student.lms import defaults, one_by_one, ports

services = HostServices(
    {
        "profiles": defaults.NoProfiles,
        "courses": defaults.NoCourses,
        "preferences": defaults.NoPreferences,
        "pages": defaults.NoPages,
        "people": defaults.NoPeople,
        "sign_ons": defaults.NoSignOns,
    },
    lambda: config.lms_services,
    'VERIFY_STUDENT["LMS_SERVICES"]',
)


def profiles() -> ports.ProfilesPort:
    """Learners' names."""
    return cast(ports.ProfilesPort, one_by_one.Profiles.completed(services.get("profiles")))


def courses() -> ports.CoursesPort:
    """Courses and enrolments."""
    return cast(ports.CoursesPort, one_by_one.Courses.completed(services.get("courses")))


def preferences() -> ports.PreferencesPort:
    """Learners' languages and time zones."""
    return cast(ports.PreferencesPort, one_by_one.Preferences.completed(services.get("preferences")))


def pages() -> ports.PagesPort:
    """Pages of the host."""
    return cast(ports.PagesPort, services.get("pages"))


def people() -> ports.PeoplePort:
    """Who has been retired."""
    return cast(ports.PeoplePort, services.get("people"))


def sign_ons() -> ports.SignOnsPort:
    """Identity providers through which learners sign in."""
    return cast(ports.SignOnsPort, services.get("sign_ons"))
