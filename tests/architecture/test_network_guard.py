"""The guard against requests inside transactions can fail, and knows whose transaction it is."""

from collections.abc import Iterator

import pytest
import requests
import responses
from django.db import transaction

from tests.architecture.network_guard import NetworkGuard

VENDOR = "https://vendor.example/exams"
RULE = r"no network inside transactions: GET https://vendor\.example/exams was sent while a transaction was open"


@pytest.fixture
def vendor_calls() -> Iterator[responses.CallList]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as vendor:
        vendor.add(responses.GET, VENDOR, json={})
        yield vendor.calls


def ask() -> None:
    requests.get(VENDOR, params={"token": "secret"}, timeout=1)


def ask_and_survive() -> None:
    try:
        ask()
    except AssertionError:
        return


@pytest.mark.django_db
def test_request_in_a_transaction_fails_at_the_callers_line(
    vendor_calls: responses.CallList, no_network_in_transaction: NetworkGuard
) -> None:
    line = ask.__code__.co_firstlineno + 1
    with transaction.atomic(), pytest.raises(AssertionError, match=RULE) as failure:
        ask()

    assert str(failure.value).startswith(f"tests/architecture/test_network_guard.py:{line}, called from tests/")
    assert "secret" not in str(failure.value)
    assert not vendor_calls
    no_network_in_transaction.caught.clear()


@pytest.mark.django_db(transaction=True)
def test_request_in_a_real_transaction_fails_too(
    vendor_calls: responses.CallList, no_network_in_transaction: NetworkGuard
) -> None:
    with transaction.atomic(), pytest.raises(AssertionError, match=RULE):
        ask()

    assert not vendor_calls
    no_network_in_transaction.caught.clear()


@pytest.mark.django_db
def test_failure_that_the_code_swallowed_comes_back_when_the_test_ends(
    vendor_calls: responses.CallList, no_network_in_transaction: NetworkGuard
) -> None:
    with transaction.atomic():
        ask_and_survive()

    with pytest.raises(AssertionError, match=RULE):
        no_network_in_transaction.verify()
    no_network_in_transaction.verify()


@pytest.mark.django_db
def test_transaction_of_the_test_case_does_not_count(vendor_calls: responses.CallList) -> None:
    ask()

    assert len(vendor_calls) == 1


@pytest.mark.django_db(transaction=True)
def test_request_after_commit_is_free(vendor_calls: responses.CallList) -> None:
    with transaction.atomic():
        transaction.on_commit(ask)
        assert not vendor_calls

    assert len(vendor_calls) == 1


def test_request_of_a_test_without_a_database_is_free(vendor_calls: responses.CallList) -> None:
    ask()

    assert len(vendor_calls) == 1
