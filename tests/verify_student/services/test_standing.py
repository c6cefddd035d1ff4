"""One definition of who is verified."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from verify_student.models import SoftwareSecurePhotoVerification, VerificationAttempt
from verify_student.services import standing

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.now() + timedelta(days=days)


def made(factory, days_ago=0, **values):
    with time_machine.travel(in_days(-days_ago), tick=False):
        return factory(**values)


@pytest.fixture
def user():
    return UserFactory()


EVERY_KIND = pytest.mark.parametrize("factory", [VerificationFactory, ManualFactory, SSOFactory, AttemptFactory])


class TestVerified:
    @EVERY_KIND
    def test_by_an_approval_of_any_kind(self, factory, user):
        factory(user=user, status="approved")
        assert standing.is_verified(user)
        assert standing.of_user(user).approval is not None

    @EVERY_KIND
    def test_not_by_anything_else(self, factory, user):
        factory(user=user, status="denied")
        factory(status="approved")
        assert not standing.is_verified(user)
        assert standing.of_user(user).approval is None

    @pytest.mark.parametrize("factory", [VerificationFactory, ManualFactory, SSOFactory])
    def test_not_by_an_approval_that_has_ended(self, factory, user):
        factory(user=user, status="approved", expiration_date=in_days(-1))
        assert not standing.is_verified(user)

    def test_a_null_date_falls_back_to_creation(self, user):
        row = made(VerificationFactory, 364, user=user, status="approved", expiration_date=None)
        assert standing.is_verified(user)
        SoftwareSecurePhotoVerification.objects.filter(pk=row.pk).update(created_at=in_days(-366))
        assert not standing.is_verified(user)
        assert standing.of_user(user).approval is None

    def test_weakness_w42_an_approval_without_an_end_counts_longest(self, user):
        VerificationFactory(user=user, status="approved", expiration_date=in_days(900))
        endless = AttemptFactory(user=user, status="approved", expiration_datetime=None)
        assert standing.is_verified(user)
        assert standing.of_user(user).approval == endless
        assert standing.of_user(user).expiration(["approved"]) is None

    def test_weakness_w43_saving_an_old_approval_again_changes_nothing(self, user):
        ended = made(VerificationFactory, 400, user=user, status="approved")
        counts = VerificationFactory(user=user, status="approved")
        ended.save()
        assert standing.is_verified(user)
        assert standing.of_user(user).expiration(["approved"]) == counts.expiration_date

    def test_weakness_w44_reports_and_pages_agree(self, user):
        long_ago = made(VerificationFactory, 500, user=user, status="approved", expiration_date=in_days(10))
        ended = VerificationFactory(status="approved", expiration_date=in_days(-1)).user
        assert set(standing.verified_ids([user, ended])) == {user.pk}
        assert standing.is_verified(user)
        assert not standing.is_verified(ended)
        assert standing.of_user(user).approval == long_ago

    def test_ids_of_users_given_as_ids_and_as_a_queryset(self, user, query_budget):
        endless = AttemptFactory(status="approved").user
        VerificationFactory(user=user, status="approved")
        UserFactory()
        with query_budget("verify_student.verified_ids"):
            assert set(standing.verified_ids([user.pk, endless.pk])) == {user.pk, endless.pk}
        with query_budget("verify_student.verified_ids"):
            assert set(standing.verified_ids(type(user).objects.order_by("pk"))) == {user.pk, endless.pk}
        assert set(standing.verified_ids(type(user).objects.order_by("-pk")[:2])) == {endless.pk}

    def test_more_users_than_a_database_takes_at_once(self, user):
        VerificationFactory(user=user, status="approved")
        strangers = range(user.pk + 1, user.pk + 1 + standing.USERS_AT_ONCE)
        assert list(standing.verified_ids([*strangers, user.pk])) == [user.pk]


class TestValidOrPending:
    @pytest.mark.parametrize("status", ["submitted", "must_retry", "approved"])
    def test_photos(self, user, status):
        VerificationFactory(user=user, status=status)
        assert standing.of_user(user).is_valid_or_pending

    @pytest.mark.parametrize("status", ["created", "ready", "denied"])
    def test_neither(self, user, status):
        VerificationFactory(user=user, status=status)
        assert not standing.of_user(user).is_valid_or_pending

    def test_what_has_ended_is_neither(self, user):
        VerificationFactory(user=user, status="submitted", expiration_date=in_days(-1))
        assert not standing.of_user(user).is_valid_or_pending

    def test_weakness_w9_photos_on_their_way_are_pending(self, user):
        VerificationFactory(user=user, status="ready", queued_at=timezone.now())
        assert standing.of_user(user).is_valid_or_pending

    def test_weakness_w41_a_pending_attempt_of_a_plug_in_is_pending(self, user):
        AttemptFactory(user=user, status="pending")
        assert standing.of_user(user).is_valid_or_pending


class TestOrder:
    def test_own_attempts_newest_first_then_sign_on_then_staffs(self, user):
        vouched = ManualFactory(user=user)
        sign_on = SSOFactory(user=user)
        oldest = made(AttemptFactory, 9, user=user)
        photos = [made(VerificationFactory, days, user=user) for days in (8, 4)]
        attempt = made(AttemptFactory, 6, user=user)
        rows = [photos[1], attempt, photos[0], oldest, sign_on, vouched]
        assert list(standing.of_user(user).rows) == rows

    def test_weakness_w40_a_newer_photo_is_not_hidden_by_an_abandoned_attempt(self, user):
        made(AttemptFactory, 2, user=user)
        photo = made(VerificationFactory, 1, user=user, status="denied")
        assert standing.of_user(user).speaking == photo

    def test_an_approval_that_counts_speaks_before_what_is_newer(self, user):
        approved = made(VerificationFactory, 5, user=user, status="approved")
        VerificationFactory(user=user, status="denied")
        assert standing.of_user(user).speaking == approved

    def test_of_two_approvals_the_one_that_counts_longer_speaks(self, user):
        vouched = made(ManualFactory, 5, user=user, expiration_date=in_days(400))
        VerificationFactory(user=user, status="approved")
        assert standing.of_user(user).speaking == vouched

    def test_nobody_speaks_for_somebody_new(self, user):
        assert standing.of_user(user).speaking is None


class TestQueries:
    def test_weakness_w52_one_look_at_each_table(self, user, query_budget):
        for days in range(5):
            for factory in (VerificationFactory, AttemptFactory, SSOFactory, ManualFactory):
                made(factory, days, user=user)
        with query_budget("verify_student.standing"):
            assert len(standing.of_user(user).rows) == 20
        with query_budget("verify_student.standing"):
            standing.is_verified(UserFactory.build(pk=user.pk))

    def test_a_long_history_is_cut_and_loses_no_approval(self, user):
        ended = made(VerificationFactory, 500, user=user, status="approved")
        counts = made(VerificationFactory, 300, user=user, status="approved")
        many = [SoftwareSecurePhotoVerification(user=user, status="denied") for _ in range(standing.MOST_ROWS)]
        SoftwareSecurePhotoVerification.objects.bulk_create(many)
        rows = standing.of_user(user).rows
        assert len(rows) == standing.MOST_ROWS
        assert rows[-1] == counts
        assert ended not in rows

    def test_the_latest_end_of_some_statuses(self, user):
        VerificationFactory(user=user, status="approved", expiration_date=in_days(-3))
        submitted = VerificationFactory(user=user, status="submitted", expiration_date=in_days(9))
        learner = standing.of_user(user)
        assert learner.expiration(["submitted", "approved"]) == submitted.expiration_date
        assert learner.expiration(["denied"]) is None


class TestMoments:
    @pytest.mark.parametrize(("days", "soon"), [(-5, True), (0, True), (28, True), (29.5, False)])
    def test_weakness_w46_what_has_ended_expires_soon_too(self, days, soon):
        assert standing.is_expiring_soon(in_days(days)) is soon

    def test_no_end_is_not_soon(self):
        assert not standing.is_expiring_soon(None)

    def test_weakness_w45_active_means_made_before_and_counting_now(self, user):
        early = made(VerificationFactory, 9, user=user, status="denied")
        late = made(VerificationFactory, 1, user=user)
        ended = made(VerificationFactory, 9, user=user, expiration_date=in_days(-1))
        candidates = [late, ended, early]
        assert standing.active(candidates, in_days(-5)) == [early]
        assert standing.relevant(in_days(-5), candidates) == early
        assert standing.relevant(None, candidates) == late
        assert standing.relevant(in_days(-50), candidates) is None
        assert standing.relevant(None, []) is None

    def test_an_attempt_of_a_plug_in_without_an_end_is_active(self):
        attempt = made(AttemptFactory, 9)
        assert standing.active([attempt], in_days(-5)) == [attempt]
        assert VerificationAttempt.objects.count() == 1
