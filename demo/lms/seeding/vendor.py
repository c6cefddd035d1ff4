"""The vendor's account: a service user allowed to review, and the OAuth2 application it signs in with."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from oauth2_provider.models import get_application_model

SERVICE_USER = "simproc-service"
REVIEW_GROUP = "simproc_review"


def seed_vendor_account() -> Any:
    """The application with the credentials of the settings; its tokens act as the service user."""
    user, created = get_user_model().objects.get_or_create(username=SERVICE_USER)
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    group, _ = Group.objects.get_or_create(name=REVIEW_GROUP)
    user.groups.add(group)
    model = get_application_model()
    application = model.objects.filter(client_id=settings.LMS_CLIENT_ID).first() or model(
        client_id=settings.LMS_CLIENT_ID
    )
    application.name = "SimProc"
    application.user = user
    application.client_type = model.CLIENT_CONFIDENTIAL
    application.authorization_grant_type = model.GRANT_CLIENT_CREDENTIALS
    application.client_secret = settings.LMS_CLIENT_SECRET
    application.save()
    return application
