"""
The addresses of identity verification; hosts mount them under ``verify_student/`` (contract §4).

Those of accounts are in ``verify_student.urls.accounts``. Pages that sell something are the host's.
"""

from django.urls import path, re_path

from verify_student.models import PhotoKind
from verify_student.rest.document import DocumentView
from verify_student.rest.inbox import ResultsCallbackView
from verify_student.rest.staff_photos import DecryptedPhotoView, PhotoUrlsView
from verify_student.rest.submission import ReverifyView, StatusView, SubmitPhotosView
from verify_student.rest.vendor_stub import VendorStubView

RECEIPT = r"(?P<receipt_id>[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12})"

urlpatterns = [
    path("submit-photos/", SubmitPhotosView.as_view(), name="verify_student_submit_photos"),
    path("status/", StatusView.as_view(), name="verification_status_api"),
    path("reverify", ReverifyView.as_view(), name="verify_student_reverify"),
    path("results_callback", ResultsCallbackView.as_view(), name="verify_student_results_callback"),
    re_path(rf"^photo-urls/{RECEIPT}$", PhotoUrlsView.as_view(), name="verification_photo_urls"),
    re_path(
        rf"^decrypt-idv-images/face/{RECEIPT}$",
        DecryptedPhotoView.as_view(kind=PhotoKind.FACE),
        name="verification_decrypt_face_image",
    ),
    re_path(
        rf"^decrypt-idv-images/photo-id/{RECEIPT}$",
        DecryptedPhotoView.as_view(kind=PhotoKind.PHOTO_ID),
        name="verification_decrypt_photo_id_image",
    ),
    path("software-secure-fake-response", VendorStubView.as_view(), name="verify_student_vendor_stub"),
    path("openapi", DocumentView.as_view(), name="verify_student_openapi"),
]
