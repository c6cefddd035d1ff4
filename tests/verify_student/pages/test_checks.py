"""What ``check`` says where the learner's pages lack something."""

import pytest

from verify_student.checks import check_pages


class WithoutPages:
    """A site that has not mounted our pages."""

    urlpatterns = []


def test_nothing_where_everything_is_there():
    assert check_pages(None) == []


@pytest.mark.parametrize("missing", ["django_htmx", "proctoring.apps.ProctoringConfig"])
def test_w015_an_app_that_the_pages_need(settings, missing):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app not in {missing, "proctoring.compat"}]
    [message] = check_pages(None)
    assert message.id == "verify_student.W015"
    assert missing.partition(".")[0] in message.msg


def test_not_where_nobody_has_mounted_them(settings):
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "django_htmx"]
    settings.ROOT_URLCONF = WithoutPages
    assert check_pages(None) == []
