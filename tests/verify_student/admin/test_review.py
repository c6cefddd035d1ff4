"""Local review in the admin: the queue, the page, the photos."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import resolve, reverse

from tests.factories import UserFactory
from tests.verify_student.admin.conftest import Screens, told
from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from verify_student.models import PhotoAccess, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import local_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

SEE, DECIDE = "see_photos", "review_verifications"


@pytest.fixture
def verification():
    return kept(VerificationFactory(status="submitted", provider="local", name="Zoë <Nguyễn>"))


@pytest.fixture
def four_eyes(settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def log_of(verification):
    return list(LogEntry.objects.filter(object_id=verification.pk).values_list("user", "change_message").order_by("pk"))


class TestQueue:
    def test_the_oldest_comes_first(self, screens):
        rows = VerificationFactory.create_batch(3, status="submitted", provider="local")
        page = screens.queue().content.decode()
        links = re.findall(r'href="([^"]*/review/)"', page)
        assert links == [reverse("admin:verify_student_review", args=[row.pk]) for row in rows]

    def test_nobody_waits(self, screens):
        assert "Nobody waits." in text_of(screens.queue())

    def test_constant_queries(self, screens_with, query_budget):
        reviewer = screens_with(SEE, DECIDE)
        for verification in VerificationFactory.create_batch(4, status="submitted", provider="local"):
            local_review.LocalOpinion.objects.create(verification=verification, reviewer=UserFactory(), approves=True)
        with query_budget("verify_student.admin.queue"):
            assert text_of(reviewer.queue()).count("Review ") >= 4

    def test_pages(self, screens, monkeypatch):
        VerificationFactory.create_batch(51, status="submitted", provider="local")
        first, last = text_of(screens.queue()), text_of(screens.queue(p=2))
        assert ("Page 1 of 2" in first, "Next page" in first) == (True, True)
        assert ("Page 2 of 2" in last, "Previous page" in last) == (True, True)

    def test_ones_own_and_ones_opinions_are_marked(self, screens, verification, four_eyes):
        VerificationFactory(status="submitted", provider="local", user=screens.user)
        screens.decide(verification.pk, "approve")
        page = text_of(screens.queue())
        assert ("Your own: somebody else decides" in page, "1, yours among them" in page) == (True, True)


class TestWhoMay:
    def test_whoever_may_not_see_photos_sees_none_of_it(self, screens_with, verification):
        other = screens_with(DECIDE, "view_softwaresecurephotoverification")
        answers = [
            other.queue(),
            other.review(verification.pk),
            other.decide(verification.pk, "approve"),
            other.photo(verification.pk, "face"),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4
        assert not PhotoAccess.objects.exists()
        assert "/review/" not in other.row("softwaresecurephotoverification", verification.pk).content.decode()

    def test_whoever_may_only_look_does_not_decide(self, screens_with, verification):
        viewer = screens_with(SEE)
        page = text_of(viewer.review(verification.pk))
        assert ("You may look at photos, but not decide." in page, "Approve" in page) == (True, False)
        assert viewer.decide(verification.pk, "approve").status_code == 403
        assert viewer.photo(verification.pk, "face").status_code == 200

    def test_nobody_decides_on_themselves(self, screens):
        own = VerificationFactory(status="submitted", provider="local", user=screens.user)
        assert "These are your own photos: somebody else decides." in text_of(screens.review(own.pk))
        assert screens.decide(own.pk, "approve").status_code == 403
        own.refresh_from_db()
        assert own.status == "submitted"

    def test_strangers_sign_in_first(self, client, verification):
        for url in (
            reverse("admin:verify_student_review_queue"),
            reverse("admin:verify_student_review", args=[verification.pk]),
            reverse("admin:verify_student_photo", args=[verification.pk, "face"]),
        ):
            assert client.get(url).status_code == 302


class TestPage:
    def test_both_photos_and_the_names(self, screens, verification):
        page = screens.review(verification.pk).content.decode()
        for kind in ("face", "photo_id"):
            assert f'src="{reverse("admin:verify_student_photo", args=[verification.pk, kind])}"' in page
        assert "Zoë &lt;Nguyễn&gt;" in page
        assert "kept/" not in page

    def test_the_way_there(self, screens, verification):
        queue = reverse("admin:verify_student_review_queue")
        review = reverse("admin:verify_student_review", args=[verification.pk])
        assert queue in screens.rows("softwaresecurephotoverification").content.decode()
        assert review in screens.row("softwaresecurephotoverification", verification.pk).content.decode()

    def test_a_look_is_no_part_of_a_requests_transaction(self, verification):
        view = resolve(reverse("admin:verify_student_photo", args=[verification.pk, "face"])).func
        assert view._non_atomic_requests == {"default"}

    def test_photos_that_are_gone(self, screens, verification):
        StoredPhoto.objects.update(deleted_at=verification.created_at, name="")
        page = screens.review(verification.pk)
        assert text_of(page).count("This photo is not available (any more).") == 2
        assert screens.photo(verification.pk, "face").status_code == 404

    def test_every_field_and_picture_has_words(self, screens, verification):
        page = screens.review(verification.pk).content.decode()
        main = page[page.index('id="content-main"') :]
        assert all('alt="' in image for image in re.findall(r"<img[^>]*>", main))
        for identifier in re.findall(r'<input id="([^"]+)"', main):
            assert f'for="{identifier}"' in main
        assert len(re.findall(r'<label>\s*<input type="checkbox"', main)) == main.count('type="checkbox"') == 9

    def test_every_key_is_explained(self, screens, verification):
        page = screens.review(verification.pk).content.decode()
        keys = re.findall(r'aria-keyshortcuts="([^"]+)"', page)
        assert sorted(keys) == ["1", "2", "3", "4", "5", "6", "7", "8", "a", "d", "n"]
        assert all(f"<kbd>{key}</kbd>" in page for key in "18adn+-0")

    def test_constant_queries(self, screens_with, verification, four_eyes, query_budget):
        reviewer = screens_with(SEE, DECIDE)
        for _ in range(3):
            local_review.LocalOpinion.objects.create(verification=verification, reviewer=UserFactory(), approves=True)
        with query_budget("verify_student.admin.review"):
            reviewer.review(verification.pk)

    @pytest.mark.parametrize("status", ["created", "ready"])
    def test_where_there_is_nothing_to_decide(self, screens, status):
        page = text_of(screens.review(VerificationFactory(status=status, provider="local").pk))
        assert "There is nothing to decide in the present state." in page

    def test_of_nothing(self, screens):
        assert (screens.review(999).status_code, screens.photo(999, "face").status_code) == (404, 404)


class TestNext:
    """After a decision comes the next case, without a way round by the queue."""

    @pytest.fixture
    def waiting(self):
        return VerificationFactory.create_batch(4, status="submitted", provider="local")

    @staticmethod
    def page_of(verification):
        return reverse("admin:verify_student_review", args=[verification.pk])

    def test_the_next_oldest(self, screens, waiting):
        assert screens.decide(waiting[1].pk, "approve")["Location"] == self.page_of(waiting[2])
        assert screens.decide(waiting[2].pk, "deny", "id_invalid")["Location"] == self.page_of(waiting[3])
        assert screens.decide(waiting[3].pk, "approve")["Location"] == self.page_of(waiting[0])
        assert screens.decide(waiting[0].pk, "approve")["Location"] == reverse("admin:verify_student_review_queue")

    def test_without_a_decision(self, screens, waiting):
        assert screens.skip(waiting[0].pk)["Location"] == self.page_of(waiting[1])
        assert self.skip_link(waiting[0]) in screens.review(waiting[0].pk).content.decode()

    @staticmethod
    def skip_link(verification):
        return f'href="{reverse("admin:verify_student_review_next", args=[verification.pk])}"'

    def test_not_ones_own_not_decided_ones_and_not_those_of_providers(self, screens, waiting):
        VerificationFactory(status="submitted", provider="local", user=screens.user)
        VerificationFactory(status="denied", provider="local")
        VerificationFactory(status="submitted", provider="software_secure")
        assert screens.skip(waiting[3].pk)["Location"] == self.page_of(waiting[0])

    @pytest.mark.usefixtures("four_eyes")
    def test_not_those_of_which_one_has_said_what_one_thinks(self, screens, waiting):
        assert screens.decide(waiting[1].pk, "approve")["Location"] == self.page_of(waiting[2])
        assert screens.skip(waiting[0].pk)["Location"] == self.page_of(waiting[2])

    def test_of_nothing(self, screens):
        assert screens.skip(999).status_code == 404

    def test_whoever_may_not_see_photos(self, screens_with, waiting):
        assert screens_with(DECIDE).skip(waiting[0].pk).status_code == 403

    @pytest.mark.parametrize("more", [0, 20])
    def test_constant_queries(self, screens_with, waiting, query_budget, more):
        VerificationFactory.create_batch(more, status="submitted", provider="local")
        reviewer, newest = screens_with(SEE, DECIDE), SoftwareSecurePhotoVerification.objects.earliest("-pk")
        with query_budget("verify_student.admin.next"):
            reviewer.skip(newest.pk)


class TestPhotos:
    def test_a_look_is_on_record_twice(self, screens, verification):
        response = screens.photo(verification.pk, "face")
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert "no-store" in response["Cache-Control"]
        look = PhotoAccess.objects.get()
        assert (look.user, look.kind, look.purpose) == (screens.user, "face", "local review")
        assert log_of(verification) == [(screens.user.pk, "Looked at the photo of the face.")]

    def test_of_a_kind_that_there_is_not(self, screens, verification):
        assert screens.photo(verification.pk, "passport").status_code == 404


class TestDeciding:
    def test_approve(self, screens, verification):
        response = screens.decide(verification.pk, "approve")
        assert (response.status_code, response["Location"]) == (302, reverse("admin:verify_student_review_queue"))
        assert told(response) == [("success", f"#{verification.pk}: Approved.")]
        verification.refresh_from_db()
        assert (verification.status, verification.reviewing_user) == ("approved", screens.user)
        assert log_of(verification) == [(screens.user.pk, "Approved.")]

    def test_deny(self, screens, verification):
        screens.decide(verification.pk, "deny", "id_invalid", "name_mismatch")
        verification.refresh_from_db()
        assert verification.status == "denied"
        assert log_of(verification) == [(screens.user.pk, "Denied: id_invalid, name_mismatch.")]

    @pytest.mark.parametrize("decision", ["deny", "", "something else"])
    def test_without_a_reason_nothing_happens(self, screens, verification, decision):
        response = screens.decide(verification.pk, decision)
        assert response.status_code == 400
        assert 'role="alert">Choose at least one reason' in response.content.decode()
        verification.refresh_from_db()
        assert (verification.status, log_of(verification)) == ("submitted", [])

    def test_what_was_decided_meanwhile_is_not_overwritten(self, screens, verification):
        Screens(UserFactory(superuser=True)).decide(verification.pk, "deny", "id_invalid")
        response = screens.decide(verification.pk, "approve")
        assert (response.status_code, "has changed since you opened it" in text_of(response)) == (409, True)

    def test_a_refused_denial_keeps_what_was_chosen(self, screens, verification):
        response = screens.decide(verification.pk, "deny", "id_invalid", seen="denied")
        assert 'value="id_invalid" checked' in response.content.decode()

    def test_a_correction(self, screens, verification):
        screens.decide(verification.pk, "approve")
        page = screens.review(verification.pk).content.decode()
        assert ('value="approve"' in page, 'value="deny"' in page) == (False, True)
        screens.decide(verification.pk, "deny", "id_invalid", seen="approved")
        verification.refresh_from_db()
        assert verification.status == "denied"


@pytest.mark.usefixtures("four_eyes")
class TestFourEyes:
    def test_the_first_opinion_is_kept(self, screens, verification):
        response = screens.decide(verification.pk, "approve")
        assert "A second reviewer has to agree" in told(response)[0][1]
        assert "Your opinion is kept." in log_of(verification)[0][1]

    def test_what_others_think_is_shown_after_ones_own_opinion(self, screens, verification):
        first = Screens(UserFactory(superuser=True, username="first"))
        first.decide(verification.pk, "deny", "id_invalid")
        before = text_of(screens.review(verification.pk))
        assert ("One reviewer has an opinion." in before, "first would deny" in before) == (True, False)
        screens.decide(verification.pk, "approve")
        after = text_of(screens.review(verification.pk))
        assert "first would deny: The document in the photo cannot be accepted as an ID." in after
        assert f"{screens.user.username} would approve." in after

    def test_two_who_agree(self, screens, verification):
        Screens(UserFactory(superuser=True)).decide(verification.pk, "approve")
        assert told(screens.decide(verification.pk, "approve")) == [("success", f"#{verification.pk}: Approved.")]
