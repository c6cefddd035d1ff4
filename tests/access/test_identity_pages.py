"""The learner's pages of identity verification: about whoever has signed in, whatever an address says."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.proctoring.rest.matrix.world import rows
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student import urls
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.urls import accounts, pages

pytestmark = pytest.mark.django_db
KEEPS_SESSIONS = "django.contrib.auth.backends.AllowAllUsersModelBackend"
SIGN_IN = "/accounts/login/"
EVERY_ROUTE = [*urls.urlpatterns, *accounts.urlpatterns, *pages.urlpatterns]
# Their callers prove who they are by key and signature, and have no session.
SIGNED = {"verify_student_results_callback"}
PARTS = {"username": "bystander", "receipt_id": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class Rule:
    """Who is shown the page; everybody is shown their own, so there is nothing to be refused but the whole page."""

    name: str
    method: str

    def __str__(self):
        return f"{self.method} {self.name}"


RULES = [
    Rule("verify_student_id_verification", "GET"),
    Rule("verify_student_id_photos", "GET"),
    Rule("verify_student_id_photos", "POST"),
    Rule("verify_student_my_data", "GET"),
    Rule("verify_student_my_data_download", "POST"),
]


@pytest.fixture(autouse=True)
def _platform(settings):
    settings.AUTHENTICATION_BACKENDS = [KEEPS_SESSIONS]


def browser_of(user=None, **options):
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, backend=KEEPS_SESSIONS)
    return client


def form():
    photo = picture()
    files = {name: SimpleUploadedFile("photo.jpg", photo, "image/jpeg") for name in ("face", "photo_id")}
    return {**files, "full_name": "Amal Haddad"}


def send(client, rule, query="", **headers):
    url = reverse(rule.name) + query
    return client.post(url, form(), headers=headers) if rule.method == "POST" else client.get(url, headers=headers)


def test_every_page_and_method_has_a_rule():
    made = {
        (pattern.name, method.upper())
        for pattern in pages.urlpatterns
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.view_class, method)
    }
    assert made == {(rule.name, rule.method) for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=str)
class TestWhoMay:
    def test_nobody_is_sent_to_sign_in_and_scripts_are_refused(self, rule):
        before = rows("verify_student")
        answer, script = send(browser_of(), rule), send(browser_of(), rule, **{"HX-Request": "true"})
        assert (answer.status_code, answer["Location"].startswith(SIGN_IN)) == (302, True)
        assert (script.status_code, script.content) == (403, b"")
        assert rows("verify_student") == before

    def test_a_suspended_account_is_refused(self, rule):
        before = rows("verify_student")
        browser = browser_of(UserFactory(superuser=True, is_active=False))
        assert send(browser, rule).status_code == 403
        assert rows("verify_student") == before

    @pytest.mark.parametrize("permissions", [[], ["see_photos", "review_verifications"]])
    def test_an_address_opens_nothing_of_somebody_else(self, rule, permissions):
        """One's own page, the same as without a name in the address; what is handed in is one's own."""
        other = VerificationFactory(user=UserFactory(username="bystander"), status="denied", name="Secret Name")
        caller = UserFactory(username="caller")
        caller.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        claim = f"?username=bystander&user={other.user_id}"
        answer = send(browser_of(caller), rule, claim)
        assert answer.status_code in {200, 302}
        content = answer.getvalue()
        assert other.receipt_id.encode() not in content
        assert b"Secret Name" not in content
        made = SoftwareSecurePhotoVerification.objects.exclude(pk=other.pk)
        assert {row.user_id for row in made} <= {caller.pk}
        assert bool(made) == (str(rule) == "POST verify_student_id_photos")


@pytest.mark.parametrize("pattern", EVERY_ROUTE, ids=lambda pattern: pattern.name)
def test_a_session_needs_the_csrf_token(pattern, settings):
    settings.FEATURES = settings.FEATURES | {"ENABLE_SOFTWARE_SECURE_FAKE": True}
    browser = browser_of(UserFactory(superuser=True), enforce_csrf_checks=True)
    url = reverse(pattern.name, kwargs={part: PARTS[part] for part in pattern.pattern.regex.groupindex})
    before = rows("verify_student")
    # A method that there is not is refused as such, by views that have looked for the token and by others.
    answer = browser.post(url, form())
    assert answer.status_code == (400 if pattern.name in SIGNED else 403)
    assert rows("verify_student") == before
