"""The learner's pages as a learner's browser gets them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import UserFactory
from tests.verify_student.pictures import picture

STATE, PHOTOS = "/id-verification", "/id-verification/photos"


def text_of(response):
    """What can be read on the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def screen_of(response):
    return re.search(r'data-identity-screen="(\w+)"', response.content.decode()).group(1)


def photo(content=None, name="photo.jpg"):
    return SimpleUploadedFile(name, picture() if content is None else content, "image/jpeg")


def handed(**values):
    """A form with everything in it."""
    return {"face": photo(), "photo_id": photo(), "full_name": "Amal Haddad", **values}


@pytest.fixture
def learner(db):
    return UserFactory()


@pytest.fixture
def browser(learner):
    client = Client()
    client.force_login(learner)
    return client
