"""A learner gets all that is kept of their identity, and nothing of anybody else."""

import json
from zipfile import ZipFile

import pytest

from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.models import AuditEntry, OutboxMessage, PhotoAccess, PhotoKind
from verify_student.services import export, outbox, photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return UserFactory(username="ada")


@pytest.fixture
def other():
    return UserFactory(username="somebody_else")


def data_of(user, staff):
    row = kept(VerificationFactory(user=user, status="denied", error_msg="[]", reviewing_user=staff))
    PhotoAccess.objects.create(verification=row, kind=PhotoKind.FACE, user=staff, purpose="review")
    SSOFactory(user=user)
    ManualFactory(user=user, reason="seen in person")
    AttemptFactory(user=user)
    outbox.write([outbox.mail("mail.denied", row.pk)])
    return row


def document(learner):
    return json.loads("".join(export.export_subject_data(learner)))


def test_the_shape_is_stable(learner, other, files):
    row = data_of(learner, other)
    told = document(learner)
    parts = {name: len(rows) for name, rows in told.items() if isinstance(rows, list) and name != "policies"}
    assert parts == {
        "photo_verifications": 1,
        "photos": 2,
        "single_sign_ons": 1,
        "staff_verifications": 1,
        "other_verifications": 1,
        "provider_messages": 0,
        "mails": 1,
        "looks": 1,
        "decisions": 0,
    }
    assert (told["format"], told["version"]) == ("special-exams.identity-data", 1)
    assert told["photo_verifications"][0]["receipt"] == row.receipt_id
    assert {len(one["sha256_of_encrypted_file"]) for one in told["photos"]} == {64}
    assert told["looks"][0] | {"at": None} == {
        "verification": row.pk,
        "what": "face",
        "at": None,
        "purpose": "review",
        "by": "staff",
    }
    assert AuditEntry.objects.filter(event="data.exported").exists()


def test_nobody_else_is_in_it(learner, other, files):
    data_of(other, learner)
    data_of(learner, other)
    text = "".join(export.export_subject_data(learner))
    assert "somebody" not in text
    assert len(json.loads(text)["photos"]) == 2
    assert OutboxMessage.objects.count() > len(json.loads(text)["mails"]) == 1


def test_with_the_photos_themselves(learner, other, files, tmp_path):
    row = data_of(learner, other)
    data_of(other, learner)
    photos.discard([row.photos.get(kind=PhotoKind.PHOTO_ID)])
    path = tmp_path / "ada.zip"
    assert export.export_with_photos(learner, path, by=learner) == 1
    with ZipFile(path) as archive:
        [document_name, photo] = archive.namelist()
        assert json.loads(archive.read(document_name))["learner"]["username"] == "ada"
        assert archive.read(photo) == photos.decode_file(picture()).content
    assert PhotoAccess.objects.filter(verification=row, user=learner, purpose="export").count() == 2


@pytest.mark.parametrize("count", [1, 5])
def test_statements_do_not_grow(learner, other, files, count, query_budget):
    for _ in range(count):
        data_of(learner, other)
    with query_budget("export.identity_data"):
        document(learner)
