"""What ``check`` says about the settings."""

import pytest
from django.core.checks import run_checks
from django.core.files.storage import InMemoryStorage

from verify_student import lms
from verify_student.backends.local import LocalProvider
from verify_student.checks import (
    check_mail,
    check_photo_storage,
    check_provider,
    check_reminders,
    check_retention,
    check_settings,
)
from verify_student.lms import defaults

PROFILES = "verify_student.lms.defaults.NoProfiles"
ALL_SERVICES = {
    "profiles": PROFILES,
    "courses": "verify_student.lms.defaults.NoCourses",
    "preferences": "verify_student.lms.defaults.NoPreferences",
    "pages": "verify_student.lms.defaults.NoPages",
    "people": "verify_student.lms.defaults.NoPeople",
    "sign_ons": "verify_student.lms.defaults.NoSignOns",
}
PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----"


class Unwilling(LocalProvider):
    """Cannot be made."""

    def __init__(self):
        raise OSError("secret")


class UnwillingStorage:
    """Cannot be made."""

    def __init__(self, **options):
        raise OSError("secret")


class LinkingStorage(InMemoryStorage):
    """Signs links, as the storages of clouds do."""

    def __init__(self, querystring_expire):
        super().__init__()
        self.querystring_expire = querystring_expire


@pytest.fixture
def said(settings):
    """What one check says of a ``VERIFY_STUDENT``: pairs of id and hint, and all texts."""

    def ask(check, **configured):
        settings.VERIFY_STUDENT = configured
        messages = check(None)
        text = " ".join(f"{message.msg} {message.hint}" for message in messages)
        assert "secret" not in text
        return [message.id for message in messages], text

    return ask


def vendor(settings, **changes):
    return {**settings.VERIFY_STUDENT["SOFTWARE_SECURE"], **changes}


def test_good_settings_are_not_talked_about(settings):
    assert [message for message in run_checks() if str(message.id).startswith("verify_student.E")] == []
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"PROVIDER": "software_secure", "LMS_SERVICES": ALL_SERVICES}
    for check in (check_settings, check_provider, check_photo_storage, check_mail, check_reminders):
        assert check(None) == []


def test_all_run_with_the_hosts_checks(settings):
    settings.VERIFY_STUDENT = {"PROVIDER_": "local", "PROVIDER": "nobody"}
    settings.STORAGES = {name: entry for name, entry in settings.STORAGES.items() if name != "verify_student"}
    del settings.ACE_ENABLED_CHANNELS
    found = {message.id for message in run_checks()}
    assert {f"verify_student.{code}" for code in ("W001", "E004", "W009", "E010", "I012")} <= found


class TestSettings:
    def test_w001_unknown_keys(self, said):
        ids, text = said(
            check_settings, LMS_SERVICES=ALL_SERVICES, DAYS_GOOD_FORE=1, ZZZ=1, SOFTWARE_SECURE={"API_URI": "x", "Q": 1}
        )
        assert ids == ["verify_student.W001"] * 4
        assert "Did you mean DAYS_GOOD_FOR?" in text
        assert "Did you mean API_URL?" in text
        assert "no key ZZZ. Remove it. See docs/verify_student.rst." in text

    def test_e002_unknown_service(self, said):
        ids, text = said(check_settings, LMS_SERVICES=ALL_SERVICES | {"profile": PROFILES, "weather": PROFILES})
        assert ids == ["verify_student.E002"] * 2
        assert "Did you mean profiles?" in text
        assert "There are: courses, pages, people, preferences, profiles, sign_ons." in text

    @pytest.mark.parametrize("path", ["nowhere.Service", "tests.verify_student.test_checks.Unwilling"])
    def test_e003_service_that_cannot_be_made(self, said, path):
        ids, _ = said(check_settings, LMS_SERVICES=ALL_SERVICES | {"profiles": path})
        assert ids == ["verify_student.E003"]

    @pytest.mark.parametrize(
        ("key", "value"), [("ENCRYPTION_KEYS", {"k": "secret"}), ("DAYS_GOOD_FOR", 0), ("MAX_PHOTO_BYTES", "secret")]
    )
    def test_e008_values_that_cannot_be_read(self, said, key, value):
        ids, text = said(check_settings, **{key: value})
        assert ids == ["verify_student.E008"]
        assert f'VERIFY_STUDENT["{key}"] cannot be read' in text
        assert said(check_provider, **{key: value})[0] == []
        assert said(check_photo_storage, **{key: value})[0] == []

    def test_e008_what_is_no_dictionary(self, settings):
        settings.VERIFY_STUDENT = []
        assert [message.id for message in check_settings(None)] == ["verify_student.E008"]
        settings.VERIFY_STUDENT = {}
        settings.VERIFICATION_EXPIRY_EMAIL = "daily"
        assert [message.id for message in check_settings(None)] == ["verify_student.E008"]

    def test_i012_services_that_nobody_provides(self, said):
        ids, text = said(check_settings, LMS_SERVICES={"profiles": PROFILES})
        assert ids == ["verify_student.I012"]
        assert "courses, pages, people, preferences, sign_ons" in text

    def test_a_registered_service_is_provided(self, said):
        lms.services.register("people", defaults.NoPeople())
        try:
            _, text = said(check_settings)
        finally:
            lms.services.register("people", None)
        assert "people" not in text


class TestReminders:
    def test_w001_unknown_keys(self, said, settings):
        settings.VERIFICATION_EXPIRY_EMAIL = {"RESEND_DAY": 3, "ZZZ": 1}
        ids, text = said(check_reminders)
        assert ids == ["verify_student.W001"] * 2
        assert "Did you mean RESEND_DAYS?" in text

    @pytest.mark.parametrize("value", [0, "secret", None])
    def test_weakness_w67_w013_numbers_that_make_no_sense(self, said, settings, value):
        settings.VERIFICATION_EXPIRY_EMAIL = {"DEFAULT_EMAILS": value}
        ids, text = said(check_reminders)
        assert ids == ["verify_student.W013"]
        assert "off the schedule" in text

    def test_w014_reminders_of_what_cannot_be_done_yet(self, said):
        ids, text = said(check_reminders, REMINDER_DAYS=[7, 60], EXPIRING_SOON_WINDOW=30)
        assert ids == ["verify_student.W014"]
        assert "60 days" in text
        assert "(30)" in text

    @pytest.mark.parametrize("value", ["28", [0], 7, ["secret"]])
    def test_e008_days_that_cannot_be_read(self, said, value):
        assert said(check_settings, REMINDER_DAYS=value)[0] == ["verify_student.E008"]
        assert said(check_reminders, REMINDER_DAYS=value)[0] == []


class TestProvider:
    def test_e004_unknown(self, said):
        ids, text = said(check_provider, PROVIDER="locale")
        assert ids == ["verify_student.E004"]
        assert "Did you mean local?" in text

    @pytest.mark.parametrize("path", ["nowhere.Provider", "tests.factories.UserFactory", f"{__name__}.Unwilling"])
    def test_e004_of_no_use(self, said, path):
        ids, text = said(check_provider, PROVIDERS={"mine": path})
        assert ids == ["verify_student.E004"]
        assert "mine" in text

    def test_e005_the_vendor_lacks_something(self, said, settings):
        configured = vendor(settings, API_SECRET_KEY="", RSA_PUBLIC_KEY=None)
        ids, text = said(check_provider, PROVIDER="software_secure", SOFTWARE_SECURE=configured)
        assert ids == ["verify_student.E005"]
        assert "lacks API_SECRET_KEY and RSA_PUBLIC_KEY" in text
        assert said(check_provider, PROVIDER="local", SOFTWARE_SECURE=configured)[0] == []

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("FACE_IMAGE_AES_KEY", "f82400259e3b4f88821cd89838758292"),
            ("FACE_IMAGE_AES_KEY", "secret" * 10),
            ("FACE_IMAGE_AES_KEY", b"secret"),
            ("RSA_PUBLIC_KEY", "secret"),
            ("RSA_PRIVATE_KEY", PRIVATE_KEY),
            ("CERT_VERIFICATION_PATH", "/no/such/secret.pem"),
        ],
    )
    def test_weakness_w37_e006_keys_that_cannot_be_used(self, said, settings, key, value):
        ids, text = said(check_provider, SOFTWARE_SECURE=vendor(settings, **{key: value}))
        assert ids == ["verify_student.E006"]
        assert key in text

    def test_weakness_w18_w007_a_server_that_nobody_verifies(self, said, settings):
        ids, text = said(check_provider, SOFTWARE_SECURE=vendor(settings, CERT_VERIFICATION_PATH=False))
        assert ids == ["verify_student.W007"]
        assert "ignored" in text

    def test_a_file_of_certificates(self, said, settings, tmp_path):
        path = tmp_path / "ca.pem"
        path.write_text("certificates")
        assert said(check_provider, SOFTWARE_SECURE=vendor(settings, CERT_VERIFICATION_PATH=path))[0] == []
        assert said(check_provider, SOFTWARE_SECURE=vendor(settings, CERT_VERIFICATION_PATH=True))[0] == []


class TestPhotoStorage:
    @pytest.fixture(autouse=True)
    def _no_entry(self, settings):
        settings.STORAGES = {name: entry for name, entry in settings.STORAGES.items() if name != "verify_student"}

    def test_w009_photos_among_all_other_files(self, said):
        ids, text = said(check_photo_storage)
        assert ids == ["verify_student.W009"]
        assert 'STORAGES["verify_student"]' in text

    def test_a_storage_in_the_vendors_settings(self, said):
        configured = {"STORAGE_CLASS": "django.core.files.storage.InMemoryStorage"}
        assert said(check_photo_storage, SOFTWARE_SECURE=configured)[0] == []

    @pytest.mark.parametrize("path", ["nowhere.Storage", f"{__name__}.UnwillingStorage"])
    def test_weakness_w33_e009_a_storage_that_cannot_be_made(self, said, path):
        configured = {"STORAGE_CLASS": path, "STORAGE_KWARGS": {"password": "secret"}}
        assert said(check_photo_storage, SOFTWARE_SECURE=configured)[0] == ["verify_student.E009"]

    @pytest.mark.parametrize(
        ("provider", "seconds", "ids"),
        [
            ("software_secure", 3600, ["verify_student.W011"]),
            ("software_secure", 432_000, []),
            ("local", 3600, []),
        ],
    )
    def test_weakness_w34_w011_links_that_die_too_early(self, said, settings, provider, seconds, ids):
        storage = {"BACKEND": f"{__name__}.LinkingStorage", "OPTIONS": {"querystring_expire": seconds}}
        settings.STORAGES = settings.STORAGES | {"verify_student": storage}
        assert said(check_photo_storage, PROVIDER=provider)[0] == ids

    def test_e009_an_entry_that_cannot_be_made(self, said, settings):
        settings.STORAGES = settings.STORAGES | {"verify_student": {"BACKEND": f"{__name__}.UnwillingStorage"}}
        assert said(check_photo_storage)[0] == ["verify_student.E009"]


@pytest.mark.parametrize(
    "name", ["ACE_ENABLED_CHANNELS", "ACE_CHANNEL_DEFAULT_EMAIL", "ACE_CHANNEL_TRANSACTIONAL_EMAIL"]
)
def test_e010_edx_ace_without_a_channel(settings, name):
    delattr(settings, name)
    [message] = check_mail(None)
    assert message.id == "verify_student.E010"
    assert name in message.msg


class TestRetention:
    @pytest.mark.parametrize(
        ("days", "ids"), [(90, []), (1096, []), (1097, ["verify_student.W019"]), (-1, []), ("never", [])]
    )
    def test_w019_photos_that_stay_longer_than_laws_allow(self, said, days, ids):
        for key in ("PHOTO_RETENTION_DAYS", "UNDECIDED_PHOTO_RETENTION_DAYS"):
            assert said(check_retention, **{key: days})[0] == ids

    @pytest.mark.parametrize("days", [-1, 0, "soon"])
    @pytest.mark.parametrize("key", ["INBOX_RETENTION_DAYS", "NAME_RETENTION_DAYS", "UNDECIDED_PHOTO_RETENTION_DAYS"])
    def test_e008_periods_that_nobody_means(self, said, key, days):
        assert said(check_settings, **{key: days})[0] == ["verify_student.E008"]
