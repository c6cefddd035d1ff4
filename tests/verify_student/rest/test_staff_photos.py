"""Staff look at photos, and every look is on record."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories import UserFactory
from tests.verify_student.custody import kept, kept_for_vendor
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.models import PhotoAccess, StoredPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

UNKNOWN = "00000000-0000-0000-0000-000000000000"
URLS, FACE, PHOTO_ID = (
    "verification_photo_urls",
    "verification_decrypt_face_image",
    "verification_decrypt_photo_id_image",
)
TOOLS = [URLS, FACE, PHOTO_ID]


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff():
    return as_user(UserFactory(staff=True))


@pytest.fixture
def verification():
    return VerificationFactory(status="submitted", provider="software_secure")


def address(tool, verification):
    receipt = verification if isinstance(verification, str) else verification.receipt_id
    return reverse(tool, kwargs={"receipt_id": receipt})


@pytest.mark.parametrize("tool", TOOLS)
class TestEveryTool:
    def test_nobody_signs_in_first(self, tool, verification):
        assert Client().get(address(tool, verification)).status_code == 302

    def test_learners_may_not(self, tool, verification):
        response = as_user(verification.user).get(address(tool, verification))
        assert (response.status_code, response.content) == (403, b"You may not do this.")
        assert not PhotoAccess.objects.exists()

    def test_a_permission_of_its_own(self, tool, verification):
        viewer = UserFactory()
        viewer.user_permissions.add(Permission.objects.get(codename="see_photos"))
        assert as_user(viewer).get(address(tool, kept_for_vendor(verification))).status_code == 200

    def test_unknown_receipts(self, tool, staff):
        assert staff.get(address(tool, UNKNOWN)).status_code == 404

    def test_weakness_w31_looks_are_on_record(self, tool, verification):
        person = UserFactory(staff=True)
        as_user(person).get(address(tool, kept_for_vendor(verification)))
        looks = set(PhotoAccess.objects.values_list("verification", "user", "kind", "purpose"))
        kinds = {URLS: ["face", "photo_id"], FACE: ["face"], PHOTO_ID: ["photo_id"]}[tool]
        purpose = "links" if tool == URLS else "decrypt"
        assert looks == {(verification.pk, person.pk, kind, purpose) for kind in kinds}

    def test_answers_are_kept_nowhere(self, tool, staff, verification):
        assert "no-store" in staff.get(address(tool, kept_for_vendor(verification)))["Cache-Control"]

    def test_weakness_w32_photos_that_are_gone(self, tool, staff, verification):
        kept(verification)
        StoredPhoto.objects.update(name="", deleted_at=verification.created_at)
        assert staff.get(address(tool, verification)).status_code == 404

    def test_weakness_w17_two_of_one_receipt(self, tool, staff, verification):
        VerificationFactory(receipt_id=verification.receipt_id)
        assert staff.get(address(tool, verification)).status_code == 404


class TestDecrypting:
    @pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg")])
    def test_weakness_w32_the_type_is_the_photos_own(self, staff, verification, kind, ending):
        kept(verification, content=picture(kind))
        response = staff.get(address(FACE, verification))
        assert (response.status_code, response["Content-Type"]) == (200, f"image/{kind.lower()}")
        assert response["Content-Disposition"] == f'inline; filename="face.{ending}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert Image.open(BytesIO(response.content)).size == (64, 48)

    @pytest.mark.parametrize("receipt", [UNKNOWN, None])
    def test_without_the_vendors_private_key(self, staff, verification, settings, receipt):
        settings.VERIFY_STUDENT = {}
        assert staff.get(address(FACE, receipt or kept(verification))).status_code == 403

    @pytest.mark.parametrize("status", ["created", "ready"])
    def test_weakness_w32_what_was_not_handed_in(self, staff, status):
        assert staff.get(address(FACE, kept(VerificationFactory(status=status)))).status_code == 404

    def test_weakness_w32_an_id_that_is_used_again(self, staff, verification):
        again = VerificationFactory(status="submitted", copy_id_photo_from=kept(verification))
        assert staff.get(address(PHOTO_ID, again)).status_code == 200

    def test_weakness_w32_a_file_that_is_gone(self, staff, verification, files):
        for name in StoredPhoto.objects.filter(verification=kept(verification)).values_list("name", flat=True):
            files.delete(name)
        assert staff.get(address(FACE, verification)).status_code == 404

    def test_a_file_of_somebody_else(self, staff, verification):
        other = kept(VerificationFactory(status="submitted"))
        kept(verification)
        name = StoredPhoto.objects.get(verification=other, kind="face").name
        StoredPhoto.objects.filter(verification=verification).update(name=name)
        assert staff.get(address(FACE, verification)).status_code == 404


class TestLinks:
    def test_what_the_vendor_is_sent(self, staff, verification):
        document = staff.get(address(URLS, kept_for_vendor(verification))).json()
        assert set(document) == {"EdX-ID", "ExpectedName", "PhotoID", "PhotoIDKey", "UserPhoto", "UserPhotoKey"}
        assert document["EdX-ID"] == verification.receipt_id
        assert document["UserPhoto"] == f"https://files.test/face/{verification.receipt_id}"
        assert document["PhotoIDKey"] == verification.photo_id_key

    def test_an_id_that_is_used_again(self, staff, verification):
        kept_for_vendor(verification)
        again = kept_for_vendor(VerificationFactory(status="submitted", copy_id_photo_from=verification))
        document = staff.get(address(URLS, again)).json()
        assert document["PhotoID"].endswith(verification.receipt_id)
        assert document["PhotoIDKey"] == verification.photo_id_key

    def test_photos_that_no_vendor_has(self, staff, verification):
        assert staff.get(address(URLS, kept(verification))).status_code == 404
        assert not PhotoAccess.objects.exists()

    def test_weakness_w32_a_site_without_keys(self, staff, verification, settings):
        kept_for_vendor(verification)
        settings.VERIFY_STUDENT = {"SOFTWARE_SECURE": {}}
        assert staff.get(address(URLS, verification)).status_code == 404
