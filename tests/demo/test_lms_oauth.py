"""The vendor signs in with its own credentials and acts as its service user."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.models import get_access_token_model
from oauthlib.common import Request as OauthRequest
from rest_framework.request import Request

import demo.settings
from demo.lms.oauth import ClientUserValidator
from demo.lms.seeding.vendor import seed_vendor_account

pytestmark = pytest.mark.django_db

TOKEN_URL = "/oauth2/access_token"


def credentials(**changes: str) -> dict[str, str]:
    given = {
        "grant_type": "client_credentials",
        "client_id": demo.settings.LMS_CLIENT_ID,
        "client_secret": demo.settings.LMS_CLIENT_SECRET,
    }
    return given | changes


def whoever_calls_with(token: str) -> Any:
    request = Request(RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"}))
    found = OAuth2Authentication().authenticate(request)
    return found[0] if found else None


def test_a_token_acts_as_the_service_user(client: Client) -> None:
    seed_vendor_account()
    answer = client.post(TOKEN_URL, credentials())
    assert answer.status_code == 200
    assert answer.json()["expires_in"] > 0
    user = whoever_calls_with(answer.json()["access_token"])
    assert user.username == "simproc-service"
    assert [group.name for group in user.groups.all()] == ["simproc_review"]


def test_a_wrong_secret_gets_no_token(client: Client) -> None:
    seed_vendor_account()
    assert client.post(TOKEN_URL, credentials(client_secret="wrong")).status_code == 401


def test_an_invented_token_is_nobody(client: Client) -> None:
    seed_vendor_account()
    assert whoever_calls_with("invented") is None


def test_the_service_user_has_no_password_and_the_secret_can_be_renewed(client: Client, settings: Any) -> None:
    seed_vendor_account()
    settings.LMS_CLIENT_SECRET = "renewed"
    seed_vendor_account()
    assert not get_user_model().objects.get(username="simproc-service").has_usable_password()
    assert client.post(TOKEN_URL, credentials(client_secret="renewed")).status_code == 200


def test_a_persons_token_stays_that_persons(learner: Any) -> None:
    application = seed_vendor_account()
    request = OauthRequest("/", "POST")
    request.grant_type, request.client, request.user = "authorization_code", application, learner
    token = {"access_token": "a-token", "scope": "read", "expires_in": 60}
    ClientUserValidator().save_bearer_token(token, request)
    assert get_access_token_model().objects.get().user == learner
