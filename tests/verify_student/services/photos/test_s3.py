"""Photos on S3, as django-storages talks to it. The stand-in answers within the process, without any network."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from moto import mock_aws
from storages.backends.s3 import S3Storage

from proctoring.common import crypto
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoKind, StoredPhoto
from verify_student.services import photos
from verify_student.services.photos.storage import storage

pytestmark = pytest.mark.django_db
FACE, PHOTO_ID = PhotoKind.FACE, PhotoKind.PHOTO_ID
BUCKET, REGION = "identity-photos", "eu-central-1"
FIVE_DAYS = "432000"
OPTIONS = {
    "bucket_name": BUCKET,
    "region_name": REGION,
    "access_key": "testing",
    "secret_key": "testing",
    "signature_version": "s3v4",
    "querystring_expire": int(FIVE_DAYS),
    "file_overwrite": False,
}


@pytest.fixture
def bucket(settings):
    """The bucket, empty; settings name it."""
    with mock_aws():
        made = boto3.resource("s3", region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
        made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        settings.STORAGES = settings.STORAGES | {
            "verify_student": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": OPTIONS}
        }
        yield made.Bucket(BUCKET)


@pytest.fixture
def photo():
    return photos.decode_file(picture())


def kept(verification, kind, photo, vendor_key=None):
    row = photos.keep(verification.receipt_id, kind, photo, vendor_key=vendor_key)
    row.verification = verification
    row.save()
    return row


def names(bucket):
    return sorted(item.key for item in bucket.objects.all())


def content(bucket, name):
    return bucket.Object(name).get()["Body"].read()


def test_a_photo_lies_there_encrypted_and_opens_again(bucket, photo):
    verification = VerificationFactory()
    row = kept(verification, FACE, photo)
    assert isinstance(storage(), S3Storage)
    assert names(bucket) == [row.name]
    assert photo.content[:100] not in content(bucket, row.name)
    assert photos.read(verification, FACE, by=None, purpose="review") == photo


def test_the_vendors_copies_have_the_names_and_the_cipher_of_its_contract(bucket, photo):
    verification = VerificationFactory()
    kept(verification, FACE, photo, photos.face_key())
    id_key = photos.fresh_id_key()
    kept(verification, PHOTO_ID, photo, id_key)
    own = [name for name in names(bucket) if name.startswith("kept/")]
    assert names(bucket) == sorted([f"face/{verification.receipt_id}", *own, f"photo_id/{verification.receipt_id}"])
    assert len(own) == 2
    copy = content(bucket, f"photo_id/{verification.receipt_id}")
    assert crypto.aes_cbc_decrypt(id_key.value, copy) == photo.content


@pytest.mark.parametrize("kind", PhotoKind)
def test_a_link_lets_the_vendor_in_for_five_days_and_nobody_else(bucket, photo, kind):
    verification = VerificationFactory()
    row = kept(verification, kind, photo, photos.face_key())
    address = urlsplit(photos.link(verification, kind))
    query = parse_qs(address.query)
    assert address.scheme == "https"
    assert address.path.endswith(f"/{kind.value}/{verification.receipt_id}")
    assert query["X-Amz-Expires"] == [FIVE_DAYS]
    fetched = requests.get(address.geturl(), timeout=5)
    assert (fetched.status_code, fetched.content) == (200, content(bucket, row.vendor_name))
    unsigned = requests.get(address._replace(query="").geturl(), timeout=5)
    assert unsigned.status_code == 403


def test_each_link_is_fresh(bucket, photo):
    verification = VerificationFactory()
    kept(verification, FACE, photo, photos.face_key())
    assert photos.link(verification, FACE).split("?")[0] == photos.link(verification, FACE).split("?")[0]


def test_options_in_the_vendors_settings(bucket, photo, settings):
    """A bucket that an existing site names in the vendor's settings."""
    settings.STORAGES = {name: entry for name, entry in settings.STORAGES.items() if name != "verify_student"}
    settings.VERIFY_STUDENT = {
        "SOFTWARE_SECURE": {
            **settings.VERIFY_STUDENT["SOFTWARE_SECURE"],
            "STORAGE_CLASS": "storages.backends.s3.S3Storage",
            "STORAGE_KWARGS": {"region_name": REGION, "signature_version": "s3v4"},
            "AWS_ACCESS_KEY": "testing",
            "AWS_SECRET_KEY": "testing",
            "S3_BUCKET": BUCKET,
        }
    }
    verification = VerificationFactory()
    kept(verification, FACE, photo, photos.face_key())
    assert f"face/{verification.receipt_id}" in names(bucket)
    assert parse_qs(urlsplit(photos.link(verification, FACE)).query)["X-Amz-Expires"] == [FIVE_DAYS]


def test_weakness_w75_nothing_is_left_after_erasure(bucket, photo):
    verification = VerificationFactory()
    kept(verification, FACE, photo, photos.face_key())
    kept(verification, PHOTO_ID, photo, photos.fresh_id_key())
    assert photos.erase(verification.user_id) == 2
    assert names(bucket) == []


def test_weakness_w13_what_was_not_committed_goes(bucket, photo):
    row = photos.keep("receipt", FACE, photo, vendor_key=photos.face_key())
    photos.discard([row])
    assert names(bucket) == []


def test_weakness_w32_a_missing_object_is_a_clear_answer(bucket, photo):
    verification = VerificationFactory()
    row = kept(verification, FACE, photo)
    bucket.Object(row.name).delete()
    with pytest.raises(PhotoNotAvailable):
        photos.read(verification, FACE, by=None, purpose="review")


@pytest.mark.parametrize("overwrites", [False, True])
def test_rotation_leaves_every_photo_readable(bucket, photo, settings, overwrites):
    """Storages that overwrite are django-storages' own default."""
    entry = settings.STORAGES["verify_student"]
    entry = entry | {"OPTIONS": OPTIONS | {"file_overwrite": overwrites}}
    settings.STORAGES = settings.STORAGES | {"verify_student": entry}
    verification = VerificationFactory()
    kept(verification, FACE, photo)
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"ENCRYPTION_KEYS": {"new": "aa" * 32}}
    assert [batch.counts for batch in photos.rotate()] == [{"rotated": 1}]
    row = StoredPhoto.objects.get()
    assert (row.key_id, names(bucket)) == ("new", [row.name])
    assert photos.read(verification, FACE, by=None, purpose="review") == photo
