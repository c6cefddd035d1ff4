"""Mail to learners about their verification."""

import json
import logging
import smtplib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail as mailbox
from django.utils import timezone, translation
from edx_ace.channel import channels
from edx_ace.errors import UnsupportedChannelError
from edx_ace.policy import Policy, PolicyResult, policies
from edx_ace.signals import ACE_MESSAGE_SENT

from proctoring.common.outbox import OutboxState
from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, VerificationFactory
from verify_student.models import OutboxMessage
from verify_student.services import mail, verifications
from verify_student.services.mail.wording import WORDS
from verify_student.services.reasons import KNOWN_CODES
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db

EXPIRES = datetime(2027, 3, 9, 12, tzinfo=UTC)
NAME = "Zoë <b>O'Brien</b> & Co"


@pytest.fixture(autouse=True)
def _platform(settings):
    settings.PLATFORM_NAME = "Ideas & Sons"
    settings.LMS_ROOT_URL = "https://lms.example.org"
    settings.ACCOUNT_MICROFRONTEND_URL = "https://account.example.org/"
    settings.ID_VERIFICATION_SUPPORT_LINK = "https://help.example.org/id"
    settings.DEFAULT_FROM_EMAIL = "verify@example.org"


@pytest.fixture
def learner():
    return UserFactory(email="zoe@example.org")


def verification_of(user, **fields):
    return VerificationFactory(user=user, **{"status": "approved", "expiration_date": EXPIRES} | fields)


def denied(user, *texts, group="photoIdReasons"):
    return verification_of(user, status="denied", error_msg=json.dumps([{group: list(texts)}]))


def parts():
    """Subject, text and HTML of the one mail there is."""
    [message] = mailbox.outbox
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    return message.subject, message.body, html


class TestWhatIsWritten:
    @pytest.mark.parametrize(
        ("send", "subject"),
        [
            (mail.send_submission, "Thank you for submitting your photos"),
            (mail.send_approval, "Your Ideas & Sons ID verification was approved"),
            (mail.send_denial, "Your Ideas & Sons ID verification was denied"),
            (mail.send_expiry, "Your Ideas & Sons ID verification has expired"),
            (mail.send_expiring, "Your Ideas & Sons ID verification expires soon"),
        ],
    )
    def test_one_mail_to_the_learner_by_name(self, learner, host, send, subject):
        host.profiles.names[learner.pk] = "Zoë Nguyễn"
        assert send(verification_of(learner)) is True
        [message] = mailbox.outbox
        assert (message.to, message.from_email) == (["zoe@example.org"], "verify@example.org")
        found, text, html = parts()
        assert found == subject
        for part in (text, html):
            assert "Hello Zoë Nguyễn," in part
            assert "Ideas &" in part
        assert "\n\n\n" not in text
        assert "<" not in text

    def test_photos_have_arrived(self, learner):
        mail.send_submission(verification_of(learner))
        _, text, html = parts()
        for part in (text, html):
            assert "3 to 5 days" in part
            assert "https://lms.example.org/dashboard" in part

    def test_weakness_w50_the_approval_names_the_real_end(self, learner):
        mail.send_approval(verification_of(learner))
        for part in parts()[1:]:
            assert "valid until 03/09/2027" in part
            assert "year)" in part
            assert "two years" not in part

    def test_an_approval_for_good_names_no_end(self, learner):
        mail.send_approval(AttemptFactory(user=learner, expiration_datetime=None))
        for part in parts()[1:]:
            assert "your identity is verified" in part
            assert "valid until" not in part

    def test_an_expired_verification_is_renewed_by_the_link(self, learner):
        mail.send_expiry(verification_of(learner))
        for part in parts()[1:]:
            assert "https://account.example.org/id-verification" in part
            assert "https://help.example.org/id" in part
            assert "proctored exams" in part

    def test_a_verification_that_expires_soon_is_renewed_by_the_link(self, learner):
        mail.send_expiring(verification_of(learner))
        for part in parts()[1:]:
            assert "valid until 03/09/2027 (month/day/year)" in part
            assert "https://account.example.org/id-verification" in part
            assert "https://help.example.org/id" in part
            assert "proctored exams" in part

    def test_a_platform_without_help_page_links_to_none(self, learner, settings):
        settings.ID_VERIFICATION_SUPPORT_LINK = settings.SUPPORT_SITE_LINK = ""
        mail.send_expiry(verification_of(learner))
        mail.send_expiring(verification_of(learner))
        mail.send_denial(denied(learner, "No text"))
        assert not any("help.example.org" in message.body for message in mailbox.outbox)

    def test_nobody_without_a_name_is_called_by_one(self, learner, host):
        host.profiles.names[learner.pk] = ""
        mail.send_approval(verification_of(learner))
        for part in parts()[1:]:
            assert "Hello," in part


class TestReasons:
    def test_every_code_has_words(self):
        assert set(WORDS) == set(KNOWN_CODES)

    def test_both_parts_give_all_of_them_under_their_headings(self, learner):
        groups = [
            {"userPhotoReasons": ["Face out of view"], "photoIdReasons": ["Text not clear"]},
            {"generalReasons": ["Name mismatch"]},
        ]
        mail.send_denial(verification_of(learner, status="denied", error_msg=json.dumps(groups)))
        _, text, html = parts()
        for part in (text, html):
            first, second, third = (
                part.index(heading) for heading in ("The photo of you", "The photo of your ID", "Something else")
            )
            assert first < part.index("Your face could not be seen") < second
            assert second < part.index("not clear enough to be read") < third
            assert part.index("not the name of your account") > third

    def test_weakness_w28_an_object_with_two_groups_tells_both(self, learner):
        groups = [{"userPhotoReasons": ["Photo not provided"], "photoIdReasons": ["Not provided"]}]
        mail.send_denial(verification_of(learner, status="denied", error_msg=json.dumps(groups)))
        for part in parts()[1:]:
            assert "There was no photo of you." in part
            assert "There was no photo of your ID." in part

    @pytest.mark.parametrize(
        "stored", ["", "plain text of a vendor", "null", '"text"', "{}", '[{"x": "Not provided"}]']
    )
    def test_weakness_w28_reasons_that_cannot_be_read_leave_a_whole_mail(self, learner, stored):
        mail.send_denial(verification_of(learner, status="denied", error_msg=stored))
        for part in parts()[1:]:
            assert "could not verify your identity" in part
            assert "submit new photos here" in part
            assert "vendor" not in part
            assert "photo of" not in part

    def test_reasons_of_our_own_reviewers(self, learner):
        stored = verifications.denial_reasons("id_invalid", "photos_mismatched")
        mail.send_denial(verification_of(learner, status="denied", error_msg=stored))
        for part in parts()[1:]:
            assert "cannot be accepted as an ID" in part
            assert "do not show the same person" in part


class TestWeaknessW29:
    def test_weakness_w29_nothing_gets_into_the_html_unescaped(self, learner, host):
        host.profiles.names[learner.pk] = NAME
        mail.send_denial(denied(learner, "<script>alert(1)</script>", "Invalid Id"))
        subject, text, html = parts()
        assert "<b>" not in html
        assert "Zoë &lt;b&gt;O&#x27;Brien&lt;/b&gt; &amp; Co" in html
        assert f"Hello {NAME}," in text
        assert subject == "Your Ideas & Sons ID verification was denied"
        assert "script" not in html + text

    def test_weakness_w29_the_denial_has_a_salutation(self, learner, host):
        host.profiles.names[learner.pk] = "Zoë"
        mail.send_denial(denied(learner, "Invalid Id"))
        assert parts()[1].startswith("Hello Zoë,")

    def test_weakness_w29_the_link_passes_the_hosts_filter(self, learner, host):
        host.pages.instead = "https://other.example.org/verify?a=1&b=2"
        mail.send_denial(denied(learner, "Invalid Id"))
        _, text, html = parts()
        assert host.pages.asked == ["https://account.example.org/id-verification"]
        assert "https://other.example.org/verify?a=1&b=2" in text
        assert 'href="https://other.example.org/verify?a=1&amp;b=2"' in html

    def test_weakness_w29_a_link_without_a_host_gets_one(self, learner, settings):
        settings.ACCOUNT_MICROFRONTEND_URL = ""
        mail.send_denial(denied(learner, "Invalid Id"))
        for part in parts()[1:]:
            assert "https://lms.example.org/id-verification" in part

    def test_weakness_w29_it_is_in_the_learners_language(self, learner, host):
        host.preferences.languages[learner.pk] = "ar"
        with translation.override("de"):
            mail.send_denial(denied(learner, "Invalid Id"))
            assert translation.get_language() == "de"
        assert '<div lang="ar"' in parts()[2]
        assert 'dir="rtl"' in parts()[2]

    @pytest.mark.parametrize("said", [None, "", "tlh", OSError("preferences are away")])
    def test_without_a_language_that_we_know_it_is_the_platforms(self, learner, host, said, caplog):
        host.preferences.languages[learner.pk] = said
        with translation.override("de"):
            mail.send_denial(denied(learner, "Invalid Id"))
        assert '<div lang="en"' in parts()[2]
        assert "away" not in caplog.text


class TestDelivery:
    """What the outbox does with it."""

    def test_each_event_mails_once(self, learner, committed):
        verification = verification_of(learner, status="submitted")
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        assert [message.subject for message in mailbox.outbox] == ["Your Ideas & Sons ID verification was approved"]

    def test_a_denial_mails(self, learner, committed):
        verification = verification_of(learner, status="submitted")
        with committed():
            verifications.deny(verification.pk, verifications.denial_reasons("id_invalid"), actor=Actor.STAFF)
        assert "cannot be accepted as an ID" in parts()[1]

    def test_nothing_is_sent_before_the_commit(self, learner):
        verifications.approve(verification_of(learner, status="submitted").pk, actor=Actor.PROVIDER)
        assert mailbox.outbox == []

    @pytest.mark.parametrize(
        "error", [OSError("no route"), smtplib.SMTPRecipientsRefused({"zoe@example.org": (550, b"")})]
    )
    def test_what_the_mail_server_raises_is_tried_again(self, learner, committed, monkeypatch, caplog, error):
        def refuse(self, messages):
            raise error

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        verification = verification_of(learner, status="submitted")
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        message = OutboxMessage.objects.get(kind="mail.approved")
        assert (message.state, message.tries) == (OutboxState.PENDING, 1)
        assert "zoe@" not in caplog.text + message.error_code

    def test_overtaken_news_are_not_sent(self, learner):
        verification = verification_of(learner, status="denied")
        mail.HANDLERS["mail.approved"]({"verification_id": verification.pk})
        mail.HANDLERS["mail.denied"]({"verification_id": verification.pk + 1})
        verification.delete()
        mail.HANDLERS["mail.submitted"]({"verification_id": 10**6})
        assert mailbox.outbox == []

    @pytest.mark.parametrize(
        ("kind", "until", "subjects"),
        [
            ("mail.expired", -1, ["Your Ideas & Sons ID verification has expired"]),
            ("mail.expired", 1, []),
            ("mail.expiring", 1, ["Your Ideas & Sons ID verification expires soon"]),
            ("mail.expiring", -1, []),
        ],
    )
    def test_an_end_that_was_moved_while_the_mail_waited(self, learner, kind, until, subjects):
        verification = verification_of(learner, expiration_date=timezone.now() + timedelta(days=until))
        mail.HANDLERS[kind]({"verification_id": verification.pk})
        mail.HANDLERS[kind]({"verification_id": verification.pk + 1})
        assert [message.subject for message in mailbox.outbox] == subjects

    def test_a_submission_mails_whatever_came_after_it(self, learner):
        mail.HANDLERS["mail.submitted"]({"verification_id": verification_of(learner).pk})
        assert parts()[0] == "Thank you for submitting your photos"

    def test_nobody_without_an_address_is_written_to(self):
        assert mail.send_approval(verification_of(UserFactory(email=""))) is False
        assert mailbox.outbox == []

    def test_no_address_is_logged(self, learner, caplog):
        with caplog.at_level(logging.DEBUG):
            mail.send_approval(verification_of(learner))
        assert "zoe@" not in caplog.text


class TestEdxAce:
    @pytest.fixture
    def enabled(self, settings, monkeypatch):
        """``enabled(name)``: the channels of a process whose ``ACE_ENABLED_CHANNELS`` names no others."""

        def enable(*names):
            channels()
            # edx-ace looks for them once in the life of a process.
            monkeypatch.delattr(channels.__wrapped__, "__once_result")
            settings.ACE_ENABLED_CHANNELS = list(names)

        return enable

    def test_a_listener_to_sent_mail_that_fails_does_not_have_it_sent_again(self, learner, caplog):
        heard = []

        def listener(message, **kwargs):
            heard.append((message["app_label"], message["name"], message["options"]["transactional"]))
            raise RuntimeError("zoe@example.org")

        ACE_MESSAGE_SENT.connect(listener)
        try:
            assert mail.send_approval(verification_of(learner)) is True
        finally:
            ACE_MESSAGE_SENT.disconnect(listener)
        assert heard == [("verify_student", "verificationapproved", True)]
        assert "RuntimeError" in caplog.text
        assert "zoe@" not in caplog.text

    @pytest.mark.parametrize("send", [mail.send_approval, mail.send_expiry, mail.send_expiring])
    def test_a_policy_of_the_platform_may_be_against_it(self, learner, send):
        class NoMail(Policy):
            def check(self, message):
                return PolicyResult(deny=set(channels().channel_type_to_channel_impl))

        policies().append(NoMail())
        try:
            assert send(verification_of(learner)) is False
        finally:
            policies().pop()
        assert mailbox.outbox == []

    def test_it_goes_by_a_channel_that_is_enabled(self, learner, enabled, monkeypatch, tmp_path):
        monkeypatch.setattr("edx_ace.channel.file.DEFAULT_OUTPUT_FILE_PATH_TPL", str(tmp_path / "mail.html"))
        enabled("file_email")
        assert mail.send_expiring(verification_of(learner)) is True
        assert "zoe@example.org" in (tmp_path / "mail.html").read_text()
        assert mailbox.outbox == []

    def test_none_that_is_enabled_is_an_error_to_try_again(self, learner, enabled):
        enabled()
        with pytest.raises(UnsupportedChannelError):
            mail.send_expiring(verification_of(learner))

    def test_the_approval_goes_by_djangos_channel_where_that_is_asked_for(self, learner, settings):
        sent = []
        listener = lambda message, **kwargs: sent.append(message["options"])  # noqa: E731
        ACE_MESSAGE_SENT.connect(listener)
        settings.VERIFY_STUDENT = {"USE_DJANGO_MAIL": True}
        mail.send_approval(verification_of(learner))
        mail.send_expiry(verification_of(learner))
        ACE_MESSAGE_SENT.disconnect(listener)
        assert [options.get("override_default_channel") for options in sent] == ["django_email", None]

    def test_a_host_without_channels_is_an_error_to_try_again(self, learner, settings):
        del settings.ACE_CHANNEL_TRANSACTIONAL_EMAIL
        with pytest.raises(AttributeError):
            mail.send_approval(verification_of(learner))


def test_anything_with_a_user_and_an_end_can_be_approved(learner):
    assert mail.send_approval(SimpleNamespace(user=learner, expiration_datetime=EXPIRES)) is True
