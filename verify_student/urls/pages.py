"""
The learner's pages; hosts that have no other page for it mount them where they like, at their root for the usual
``/id-verification`` (contract §5.4). They take ``proctoring`` and ``django_htmx`` in ``INSTALLED_APPS``.
"""

from django.urls import path

from verify_student.pages.learner import IdentityPage, PhotosPage
from verify_student.pages.my_data import MyDataFile, MyDataPage
from verify_student.services.location import MY_DATA, MY_DATA_FILE, PAGE, PHOTOS_PAGE

urlpatterns = [
    path("id-verification", IdentityPage.as_view(), name=PAGE),
    path("id-verification/photos", PhotosPage.as_view(), name=PHOTOS_PAGE),
    path("id-verification/my-data", MyDataPage.as_view(), name=MY_DATA),
    path("id-verification/my-data/download", MyDataFile.as_view(), name=MY_DATA_FILE),
]
