"""Who may do what."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.exceptions import VerificationNotFound, VerificationPermissionDenied
from verify_student.services import access

pytestmark = pytest.mark.django_db


def somebody(*codenames, **traits):
    user = UserFactory(**traits)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def shut(gate, *arguments):
    with pytest.raises(VerificationPermissionDenied):
        gate(*arguments)
    return True


BOTH = ("see_photos", "review_verifications")


class TestPhotos:
    def test_the_tools_are_for_global_staff_and_whoever_may_see_photos(self):
        for person in (somebody(staff=True), somebody(is_superuser=True), somebody("see_photos")):
            access.require_photo_tools(person)
        assert shut(access.require_photo_tools, somebody("review_verifications"))
        assert shut(access.require_photo_tools, AnonymousUser())

    def test_the_screens_take_the_permission(self):
        access.require_photo_viewer(somebody("see_photos"))
        assert shut(access.require_photo_viewer, somebody(staff=True))


class TestReviewing:
    def test_takes_both_permissions(self):
        verification = VerificationFactory()
        access.require_reviewer(somebody(*BOTH), verification)
        for codename in BOTH:
            assert shut(access.require_reviewer, somebody(codename), verification)

    def test_nobody_decides_on_themselves(self):
        superuser = somebody(superuser=True)
        assert shut(access.require_reviewer, superuser, VerificationFactory(user=superuser))


class TestAccounts:
    def test_ones_own_and_for_staff_everybodys(self):
        learner = somebody()
        assert access.account_for(learner, learner.username) == learner
        assert access.account_for(somebody(staff=True), learner.username) == learner

    def test_of_others(self):
        assert shut(access.account_for, somebody(), somebody().username)

    def test_of_nobody(self):
        assert shut(access.account_for, somebody(), "nobody")
        with pytest.raises(VerificationNotFound):
            access.account_for(somebody(staff=True), "nobody")

    def test_names_differ_in_their_letters_cases(self):
        assert shut(access.account_for, somebody(username="ana"), "ANA")
