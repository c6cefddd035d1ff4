"""Where learners verify themselves (contract §5.4)."""

from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse

from verify_student import lms
from verify_student.conf import config

# Our own pages, where the host has mounted them.
PAGE, PHOTOS_PAGE = "verify_student_id_verification", "verify_student_id_photos"
MY_DATA, MY_DATA_FILE = "verify_student_my_data", "verify_student_my_data_download"
PATH = "/id-verification"
COURSE = "course_id"


def verify_location(course_id: Any = None) -> str:
    """
    The account micro-frontend's page, our own where there is no such application, or whatever the host puts in its
    place; a course is where it leads back to.
    """
    url = f"{config.account_mfe_url}{PATH}" if config.account_mfe_url else mounted(PAGE) or PATH
    return lms.pages().get_verify_location(url + query_of(course_id))


def photos_location(course_id: Any = None) -> str:
    """Straight to the camera where learners verify themselves on our own pages; else as :func:`verify_location`."""
    verify, query = verify_location(course_id), query_of(course_id)
    own, photos = mounted(PAGE), mounted(PHOTOS_PAGE)
    return f"{photos}{query}" if own and verify == f"{own}{query}" else verify


def query_of(course_id: Any) -> str:
    """The part of an address that names the course; empty without one."""
    return f"?{COURSE}={quote(str(course_id))}" if course_id else ""


def mounted(name: str) -> str:
    """The address of a page of ours; empty where the host has not mounted it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
