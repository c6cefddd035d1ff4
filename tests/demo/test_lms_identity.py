"""The demo LMS as identity verification sees it, the names it keeps, and learners who leave."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from demo.lms.models import Course, Enrollment, EnrollmentMode, UserProfile, VerifiedName
from demo.lms.seeding.course import COURSE_ID
from demo.lms.seeding.people import seed_learner
from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, VerificationFactory
from tests.verify_student.pictures import picture
from verify_student import api, lms
from verify_student.models import (
    SoftwareSecurePhotoVerification,
    StoredPhoto,
    VerificationAttempt,
    VerificationDeadline,
)
from verify_student.services import photos, submission, verifications
from verify_student.signals import USER_RETIRE_LMS_MISC
from verify_student.statuses import Actor

Committed = Callable[[], AbstractContextManager[Any]]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]

NAME = "Amal Haddad"


def names_of(user: Any) -> list[tuple[str, str | None, str]]:
    return list(VerifiedName.objects.filter(user=user).values_list("verified_name", "profile_name", "status"))


class TestPorts:
    def test_names_are_those_of_the_profile(self, learner: Any) -> None:
        assert lms.profiles().get_full_name(learner) == "Amal Demo"
        assert lms.profiles().get_pending_name(learner) is None
        UserProfile.objects.filter(user=learner).update(pending_name=NAME)
        assert lms.profiles().get_pending_name(learner) == NAME

    def test_accounts_without_a_profile_have_the_accounts_name(self) -> None:
        assert lms.profiles().get_full_name(UserFactory(first_name="Ida", last_name="Rolf")) == "Ida Rolf"

    def test_courses(self, learner: Any, course: Course) -> None:
        ports = lms.courses()
        assert ports.get_course_name(COURSE_ID) == course.display_name
        assert ports.get_course_end(COURSE_ID) is None
        assert ports.get_course_name("course-v1:No+SUCH+Course") is None
        assert ports.has_live_verified_enrollment(learner)
        Course.objects.update(end=timezone.now() + timedelta(days=1))
        assert ports.has_live_verified_enrollment(learner)
        Course.objects.update(end=timezone.now() - timedelta(days=1))
        assert not ports.has_live_verified_enrollment(learner)

    def test_many_learners_take_one_query(
        self, learner: Any, course: Course, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        other, nobody = seed_learner("bruno", course), UserFactory(first_name="Ida", last_name="Rolf")
        Enrollment.objects.filter(user=other).update(mode=EnrollmentMode.AUDIT)
        UserProfile.objects.filter(user=other).update(language="de")
        users = [learner, other, nobody]
        ids = [user.pk for user in users]
        with django_assert_num_queries(3):
            names = lms.profiles().get_full_names(users)
            verified = lms.courses().learners_with_live_verified_enrollment(ids)
            languages = lms.preferences().get_languages(ids)
        assert names == {learner.pk: "Amal Demo", other.pk: "Bruno Demo", nobody.pk: "Ida Rolf"}
        assert verified == {learner.pk}
        assert languages == {other.pk: "de"}

    def test_audit_is_not_enough(self, learner: Any) -> None:
        Enrollment.objects.update(mode=EnrollmentMode.AUDIT)
        assert not lms.courses().has_live_verified_enrollment(learner)

    def test_pages(self, settings: Any) -> None:
        assert lms.pages().get_verify_location("/id-verification") == "/id-verification"
        assert lms.pages().get_dashboard_url() == f"{settings.LMS_ROOT_URL}/"

    def test_languages(self, learner: Any) -> None:
        UserProfile.objects.filter(user=learner).update(language="de")
        assert lms.preferences().get_language(learner.pk) == "de"


class TestCoursesAndEnrolments:
    def test_a_course_with_an_end_has_a_deadline(self, course: Course) -> None:
        course.end = timezone.now() + timedelta(days=30)
        course.save()
        assert VerificationDeadline.objects.get(course_key=COURSE_ID).deadline == course.end
        course.end = None
        course.save()
        assert not VerificationDeadline.objects.exists()

    @pytest.mark.parametrize(("mode", "reminded"), [(EnrollmentMode.VERIFIED, True), (EnrollmentMode.AUDIT, False)])
    def test_whoever_enrols_again_is_reminded_again(self, learner: Any, mode: str, reminded: bool) -> None:
        expired = VerificationFactory(
            user=learner, status="approved", expiration_date=timezone.now() - timedelta(days=100)
        )
        enrollment = Enrollment.objects.get(user=learner)
        enrollment.mode = mode
        enrollment.save()
        expired.refresh_from_db()
        assert (expired.expiry_email_date is not None) is reminded


class TestVerifiedNames:
    def test_a_photo_verification_carries_its_name(self, learner: Any, committed: Committed) -> None:
        verification = VerificationFactory(user=learner, name=NAME, status="ready")
        for move, status in [
            (lambda: verifications.submitted(verification.pk), "submitted"),
            (lambda: verifications.must_retry(verification.pk), "submitted"),
            (lambda: verifications.approve(verification.pk, actor=Actor.PROVIDER), "approved"),
            (lambda: verifications.deny(verification.pk, "[]", actor=Actor.PROVIDER), "denied"),
        ]:
            with committed():
                move()
            assert names_of(learner) == [(NAME, "Amal Demo", status)]
        assert VerifiedName.objects.get().verification_attempt_id == verification.pk

    def test_a_plug_ins_attempt_carries_its_name(self, learner: Any, committed: Committed) -> None:
        with committed():
            attempt_id = api.create_verification_attempt(learner, NAME, "created")
        for status, worth in [("pending", "submitted"), ("denied", "denied"), ("approved", "approved")]:
            with committed():
                api.update_verification_attempt(attempt_id, status=status)
            assert names_of(learner) == [(NAME, "Amal Demo", worth)]
        assert VerifiedName.objects.get().platform_verification_attempt_id == attempt_id

    def test_a_name_that_waits_is_found_by_its_text(self, learner: Any, committed: Committed) -> None:
        VerifiedName.objects.create(user=learner, verified_name=NAME, profile_name=NAME)
        VerifiedName.objects.create(user=learner, verified_name=NAME, verification_attempt_id=10**6)
        verification = VerificationFactory(user=learner, name=NAME, status="submitted")
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        assert VerifiedName.objects.get(verification_attempt_id=verification.pk).status == "approved"
        assert VerifiedName.objects.get(verification_attempt_id=10**6).status == "pending"

    def test_an_approval_confirms_the_name_that_the_learner_asked_for(self, learner: Any, committed: Committed) -> None:
        UserProfile.objects.filter(user=learner).update(pending_name=NAME)
        verification = VerificationFactory(user=learner, name=NAME, status="submitted")
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        profile = UserProfile.objects.get(user=learner)
        assert (profile.name, profile.pending_name) == (NAME, "")

    def test_the_command_approves_the_name_too_and_writes_it_down_where_there_is_none(
        self, learner: Any, course: Course, committed: Committed, tmp_path: Path
    ) -> None:
        other = seed_learner("bruno", course)
        UserProfile.objects.filter(user=other).update(pending_name="Bruno Haddad")
        waiting = VerificationFactory(user=learner, name=NAME, status="submitted")
        VerificationFactory(user=other, name="Bruno Haddad", status="must_retry")
        VerifiedName.objects.create(user=learner, verified_name=NAME, verification_attempt_id=waiting.pk)
        file = tmp_path / "ids"
        file.write_text(f"{learner.pk}\n{other.pk}\n")
        with committed():
            call_command("approve_id_verifications", str(file))
        assert names_of(learner) == [(NAME, None, "approved")]
        assert names_of(other) == [("Bruno Haddad", "Bruno Haddad", "approved")]
        assert UserProfile.objects.get(user=other).name == "Bruno Haddad"

    def test_a_denial_confirms_nothing(self, learner: Any, committed: Committed) -> None:
        UserProfile.objects.filter(user=learner).update(pending_name=NAME)
        verification = VerificationFactory(user=learner, name=NAME, status="submitted")
        with committed():
            verifications.deny(verification.pk, "[]", actor=Actor.PROVIDER)
        assert UserProfile.objects.get(user=learner).pending_name == NAME

    def test_a_verification_without_a_name_leaves_none(self, learner: Any, committed: Committed) -> None:
        verification = VerificationFactory(user=learner, name="", status="submitted")
        with committed():
            verifications.approve(verification.pk, actor=Actor.PROVIDER)
        assert names_of(learner) == []

    def test_names_go_with_their_verification(self, learner: Any) -> None:
        photo, attempt = VerificationFactory(user=learner), AttemptFactory(user=learner)
        VerifiedName.objects.create(user=learner, verified_name="A", verification_attempt_id=photo.pk)
        VerifiedName.objects.create(user=learner, verified_name="B", platform_verification_attempt_id=attempt.pk)
        VerifiedName.objects.create(user=learner, verified_name="C")
        photo.delete()
        attempt.delete()
        assert [name for name, _, _ in names_of(learner)] == ["C"]

    def test_a_name_has_one_verification(self, learner: Any) -> None:
        with pytest.raises(ValueError, match="one verification"):
            VerifiedName.objects.create(
                user=learner, verified_name=NAME, verification_attempt_id=1, platform_verification_attempt_id=1
            )


class TestRetirement:
    def test_nothing_is_left_of_a_learner_who_leaves(self, learner: Any, course: Course, committed: Committed) -> None:
        other = seed_learner("bruno", course)
        photo = photos.decode_file(picture())
        with committed():
            for user in (learner, other):
                submission.submit(user, face=photo, photo_id=photo, full_name=NAME)
                api.create_verification_attempt(user, NAME, "approved")
        with committed():
            call_command("demo_retire", "amal")
        learner.refresh_from_db()
        assert (learner.is_active, learner.email, learner.has_usable_password()) == (
            False,
            f"{learner.username}@demo.invalid",
            False,
        )
        assert lms.people().retired_user_ids([learner.pk, other.pk]) == {learner.pk}
        assert names_of(learner) == []
        assert not VerificationAttempt.objects.filter(user=learner).exists()
        assert SoftwareSecurePhotoVerification.objects.get(user=learner).name == ""
        assert not StoredPhoto.objects.filter(verification__user=learner, deleted_at=None).exists()
        assert StoredPhoto.objects.filter(verification__user=other, deleted_at=None).count() == 2
        assert len(names_of(other)) == 2
        call_command("demo_retire", learner.username)

    @pytest.mark.parametrize("name", ["nobody", "grace"])
    def test_only_learners_leave(self, staff: Any, name: str) -> None:
        with pytest.raises(CommandError, match=name):
            call_command("demo_retire", name)

    def test_what_an_app_fails_at_keeps_the_account(self, learner: Any) -> None:
        def fail(**kwargs: Any) -> None:
            raise RuntimeError("storage is away")

        USER_RETIRE_LMS_MISC.connect(fail)
        try:
            with pytest.raises(RuntimeError):
                call_command("demo_retire", "amal")
        finally:
            USER_RETIRE_LMS_MISC.disconnect(fail)
        learner.refresh_from_db()
        assert learner.is_active
