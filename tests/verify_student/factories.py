"""Rows for the tests of identity verification."""

import factory
from factory.django import DjangoModelFactory

from tests.factories import UserFactory
from verify_student import models


class VerificationFactory(DjangoModelFactory):
    """A photo verification; ``created`` unless ``status`` says otherwise."""

    class Meta:
        model = models.SoftwareSecurePhotoVerification

    user = factory.SubFactory(UserFactory)
    name = "Amal Haddad"


class ManualFactory(DjangoModelFactory):
    """Staff vouch."""

    class Meta:
        model = models.ManualVerification

    user = factory.SubFactory(UserFactory)
    name = "Amal Haddad"
    status = "approved"


class SSOFactory(DjangoModelFactory):
    """An identity provider is trusted."""

    class Meta:
        model = models.SSOVerification

    user = factory.SubFactory(UserFactory)
    name = "Amal Haddad"
    status = "approved"


class AttemptFactory(DjangoModelFactory):
    """A vendor-neutral attempt."""

    class Meta:
        model = models.VerificationAttempt

    user = factory.SubFactory(UserFactory)
    name = "Amal Haddad"


class DeadlineFactory(DjangoModelFactory):
    """A course's deadline."""

    class Meta:
        model = models.VerificationDeadline

    course_key = factory.Sequence(lambda number: f"course-v1:Test+V{number}+2026")
