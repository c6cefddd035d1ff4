"""Fixtures that every test may use."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from proctoring.backends import provider_named
from proctoring.common.http import reset_breakers
from proctoring.lms import set_runtime_service
from tests.fakes import FakeLms, WatchingBackend

pytest_plugins = ["tests.architecture.network_guard", "tests.architecture.query_budgets"]


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    """Nothing that a test leaves in the process reaches the next one."""
    cache.clear()
    reset_breakers()
    yield
    cache.clear()


@pytest.fixture
def lms() -> Iterator[FakeLms]:
    """An LMS whose every service is a fake."""
    fake = FakeLms()
    for name, service in vars(fake).items():
        set_runtime_service(name, service)
    yield fake
    for name in vars(fake):
        set_runtime_service(name, None)


@pytest.fixture
def vendor() -> Iterator[WatchingBackend]:
    """The default vendor, with nothing remembered."""
    backend = provider_named("watcher")
    assert isinstance(backend, WatchingBackend)
    backend.forget()
    yield backend
    backend.forget()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], AbstractContextManager[Any]]:
    """``with committed():`` does what the test's transaction would do after commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def client_of() -> Callable[[Any], APIClient]:
    """An HTTP client that is signed in as the given user."""

    def signed_in(user: Any) -> APIClient:
        client = APIClient()
        client.force_login(user)
        return client

    return signed_in
