import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.common.errors import DomainError
from proctoring.common.signing import BareHex, Secret, SignatureError, StandardWebhooks, TimestampedHex, Verified

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
BODY = '{"who": "Zoë"}'.encode()
OLD = Secret("2025", b"o" * 32)
NEW = Secret("2026", b"n" * 32)
DIGEST = "ab" * 32

MAKERS = {
    "standard": StandardWebhooks,
    "timestamped": lambda secrets: TimestampedHex(secrets, "Stripe-Signature"),
    "bare": lambda secrets: BareHex(secrets, "X-Hub-Signature-256", "sha256="),
}


@pytest.fixture(params=MAKERS)
def make(request):
    return MAKERS[request.param]


@pytest.fixture(params=["standard", "timestamped"])
def make_timestamped(request):
    return MAKERS[request.param]


def refusal(scheme, headers, body=BODY, now=NOW):
    with pytest.raises(SignatureError) as caught:
        scheme.verify(headers, body, now)
    return caught.value.reason


def test_a_signed_message_is_verified_with_header_names_in_any_case(make):
    scheme = make([NEW])
    headers = scheme.sign(BODY, NOW, "msg_1")

    for changed in (headers, {k.upper(): v for k, v in headers.items()}, {k.lower(): v for k, v in headers.items()}):
        assert scheme.verify(changed, BODY, NOW).key_id == "2026"


def test_what_is_proven_depends_on_the_scheme():
    proven = {
        name: maker([NEW]).verify(maker([NEW]).sign(BODY, NOW, "msg_1"), BODY, NOW) for name, maker in MAKERS.items()
    }

    assert proven == {
        "standard": Verified("2026", "msg_1", NOW),
        "timestamped": Verified("2026", None, NOW),
        "bare": Verified("2026", None, None),
    }
    assert [maker([NEW]).has_timestamp for maker in MAKERS.values()] == [True, True, False]


def test_a_changed_body_is_refused(make):
    scheme = make([NEW])

    assert refusal(scheme, scheme.sign(BODY, NOW, "msg_1"), BODY + b" ") == "mismatch"


def test_a_foreign_secret_is_refused(make):
    assert refusal(make([NEW]), make([OLD]).sign(BODY, NOW, "msg_1")) == "mismatch"


def test_a_message_without_its_headers_is_refused(make):
    scheme = make([NEW])
    headers = scheme.sign(BODY, NOW, "msg_1")

    for name in headers:
        assert refusal(scheme, {k: v for k, v in headers.items() if k != name}) == "missing"
        assert refusal(scheme, {**headers, name: ""}) == "missing"


def test_a_header_given_twice_or_not_as_text_is_refused(make):
    scheme = make([NEW])
    headers = scheme.sign(BODY, NOW, "msg_1")
    name = list(headers)[-1]

    assert refusal(scheme, {**headers, name.swapcase(): headers[name]}) == "malformed"
    assert refusal(scheme, {**headers, name: headers[name].encode()}) == "malformed"


def test_the_refusal_tells_the_sender_nothing_of_the_reason(make):
    scheme = make([NEW])
    refused = []
    for headers in ({}, make([OLD]).sign(BODY, NOW, "msg_1")):
        with pytest.raises(SignatureError) as caught:
            scheme.verify(headers, BODY, NOW)
        refused.append(caught.value)

    assert isinstance(refused[0], DomainError)
    assert {error.http_status for error in refused} == {403}
    assert {error.detail for error in refused} == {"The signature of this message is not valid."}
    assert [dict(error.fields) for error in refused] == [{}, {}]
    assert len({error.reason for error in refused}) == 2


def test_any_live_secret_is_accepted_and_named(make):
    both = make([NEW, OLD])

    assert both.verify(make([OLD]).sign(BODY, NOW, "msg_1"), BODY, NOW).key_id == "2025"
    assert both.verify(make([NEW]).sign(BODY, NOW, "msg_1"), BODY, NOW).key_id == "2026"


def test_a_secret_counts_until_its_end(make):
    ending = Secret("2025", OLD.value, not_after=NOW)
    headers = make([OLD]).sign(BODY, NOW, "msg_1")
    later = NOW + timedelta(seconds=1)

    assert make([NEW, ending]).verify(headers, BODY, NOW).key_id == "2025"
    assert refusal(make([NEW, ending]), headers, now=later) == "mismatch"
    assert refusal(make([ending]), headers, now=later) == "no_secret"
    with pytest.raises(ValueError, match="ended"):
        make([ending]).sign(BODY, later, "msg_1")


def test_the_first_live_secret_signs(make):
    ended = Secret("2024", b"e" * 32, not_after=NOW - timedelta(days=1))

    headers = make([ended, NEW, OLD]).sign(BODY, NOW, "msg_1")

    assert make([NEW]).verify(headers, BODY, NOW).key_id == "2026"
    assert refusal(make([Secret("2024", ended.value)]), headers) == "mismatch"


def test_forms_with_room_for_it_are_signed_with_every_live_secret(make_timestamped):
    headers = make_timestamped([NEW, OLD]).sign(BODY, NOW, "msg_1")

    assert make_timestamped([OLD]).verify(headers, BODY, NOW).key_id == "2025"
    assert make_timestamped([NEW]).verify(headers, BODY, NOW).key_id == "2026"


@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(seconds=300), True),
        (timedelta(seconds=-300), True),
        (timedelta(seconds=301), False),
        (timedelta(seconds=-301), False),
    ],
)
def test_the_tolerance_holds_both_ways(make_timestamped, age, accepted):
    scheme = make_timestamped([NEW])
    headers = scheme.sign(BODY, NOW - age, "msg_1")

    if accepted:
        assert scheme.verify(headers, BODY, NOW).timestamp == NOW - age
    else:
        assert refusal(scheme, headers) == "expired"


@pytest.mark.parametrize("scheme", [StandardWebhooks, lambda *rest, **more: TimestampedHex(*rest, "X-Sig", **more)])
def test_the_tolerance_can_be_chosen(scheme):
    strict = scheme([NEW], tolerance=timedelta(seconds=10))

    assert refusal(strict, strict.sign(BODY, NOW - timedelta(seconds=11), "msg_1")) == "expired"


def test_a_scheme_without_secrets_and_an_empty_secret_are_refused(make):
    with pytest.raises(ValueError, match="at least one secret"):
        make([])
    with pytest.raises(ValueError, match="'2026' is empty"):
        Secret("2026", b"")


def test_a_secret_does_not_show_itself():
    assert "nnn" not in repr(NEW)


def test_standard_webhooks_signs_as_other_implementations_do():
    secret = Secret.from_standard("reference", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent_at = datetime.fromtimestamp(1614265330, UTC)
    body = b'{"test": 2432232314}'

    headers = StandardWebhooks([secret]).sign(body, sent_at, "msg_p5jXN8AQM9LWM0D4loKWxJek")

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        base64.b64encode(bytes(32)).decode(),
        f"whsec_{base64.b64encode(bytes(23)).decode()}",
        f"whsec_{base64.b64encode(bytes(65)).decode()}",
        "whsec_hunter2!",
        "whsec_é",
    ],
)
def test_other_texts_are_no_standard_secrets_and_are_not_shown(text):
    with pytest.raises(ValueError, match="'2026' is not whsec_") as caught:
        Secret.from_standard("2026", text)

    assert "hunter2" not in str(caught.value)


def test_a_standard_secret_may_end():
    secret = Secret.from_standard("2026", f"whsec_{base64.b64encode(bytes(24)).decode()}", NOW)

    assert (secret.value, secret.not_after) == (bytes(24), NOW)


@pytest.mark.parametrize("delivery_id", ["", "a.b", "a b", "é", "a" * 256, "a\n"])
def test_standard_webhooks_neither_sends_nor_takes_ambiguous_ids(delivery_id):
    scheme = StandardWebhooks([NEW])

    with pytest.raises(ValueError, match="delivery id"):
        scheme.sign(BODY, NOW, delivery_id)
    if delivery_id.strip() == delivery_id != "":
        assert refusal(scheme, {**scheme.sign(BODY, NOW, "msg_1"), "webhook-id": delivery_id}) == "malformed"


def test_standard_webhooks_passes_over_other_versions_and_rubbish():
    scheme = StandardWebhooks([NEW])
    headers = scheme.sign(BODY, NOW, "msg_1")
    mixed = f"v1a,{'A' * 88} v1,not-base64! v1 v1, {headers['webhook-signature']} v9,AAAA"

    assert scheme.verify({**headers, "webhook-signature": mixed}, BODY, NOW).key_id == "2026"
    for rubbish in ("v1a,AAAA", "v1,not-base64!", "v1", "v1,", "AAAA", ",", " x"):
        assert refusal(scheme, {**headers, "webhook-signature": rubbish}) == "malformed"


@pytest.mark.parametrize("timestamp", ["soon", "-1", "1.5", "1e9", "٣" * 10, "9" * 12, "0x10", " "])
def test_timestamps_that_are_none_are_refused(timestamp):
    standard, timestamped = StandardWebhooks([NEW]), TimestampedHex([NEW], "X-Sig")

    assert refusal(standard, {**standard.sign(BODY, NOW, "msg_1"), "webhook-timestamp": timestamp}) == "malformed"
    assert refusal(timestamped, {"X-Sig": f"t={timestamp},v1={DIGEST}"}) == "malformed"


def test_the_largest_timestamps_are_only_expired():
    assert refusal(TimestampedHex([NEW], "X-Sig"), {"X-Sig": f"t={'9' * 11},v1={DIGEST}"}) == "expired"


def test_a_timestamped_header_has_the_published_form():
    header = TimestampedHex([NEW, OLD], "Persona-Signature").sign(BODY, NOW)["Persona-Signature"]

    signed = f"{int(NOW.timestamp())}.".encode() + BODY
    assert header == f"t={int(NOW.timestamp())},v1={NEW.digest(signed).hex()},v1={OLD.digest(signed).hex()}"


@pytest.mark.parametrize("separator", [" ", ",", ", "])
@pytest.mark.parametrize("order", [1, -1])
def test_several_groups_are_read_and_any_match_is_accepted(separator, order):
    groups = [TimestampedHex([secret], "X-Sig").sign(BODY, NOW)["X-Sig"] for secret in (OLD, NEW)][::order]

    assert TimestampedHex([NEW], "X-Sig").verify({"X-Sig": separator.join(groups)}, BODY, NOW).key_id == "2026"


def test_groups_of_different_times_are_judged_each_by_its_own():
    scheme = TimestampedHex([NEW], "X-Sig")
    past = NOW - timedelta(hours=1)
    stale, recent = scheme.sign(BODY, past)["X-Sig"], scheme.sign(BODY, NOW)["X-Sig"]
    forged = f"t={int(NOW.timestamp())},{stale.partition(',')[2]}"

    assert scheme.verify({"X-Sig": f"{stale} {recent}"}, BODY, NOW).timestamp == NOW
    assert refusal(scheme, {"X-Sig": stale}) == "expired"
    assert refusal(scheme, {"X-Sig": f"{stale} {forged}"}) == "mismatch"


def test_other_fields_of_a_timestamped_header_are_passed_over():
    scheme = TimestampedHex([NEW], "X-Sig")
    header = scheme.sign(BODY, NOW)["X-Sig"]

    assert scheme.verify({"X-Sig": f"{header},v0={DIGEST},flag,v1=rubbish"}, BODY, NOW).key_id == "2026"


@pytest.mark.parametrize(
    "header",
    ["t=1", f"v1={DIGEST}", f"v1={DIGEST},t=1", "rubbish", "t=1,v1=rubbish", f"t=1,v0={DIGEST}", f"t=1,v1={DIGEST}00"],
)
def test_timestamped_headers_that_are_none_are_refused(header):
    assert refusal(TimestampedHex([NEW], "X-Sig"), {"X-Sig": header}) == "malformed"


def test_a_header_of_very_many_groups_is_refused_unread():
    start = int(NOW.timestamp())
    groups = [f"t={start + i},v1={DIGEST}" for i in range(11)]
    scheme = TimestampedHex([NEW], "X-Sig")

    assert refusal(scheme, {"X-Sig": " ".join(groups[:10])}) == "mismatch"
    assert refusal(scheme, {"X-Sig": " ".join(groups)}) == "malformed"


def test_a_bare_digest_is_as_published():
    secret = Secret("published", b"It's a Secret to Everybody")
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert BareHex([secret], "X-Hub-Signature-256", "sha256=").sign(b"Hello, World!", NOW) == {
        "X-Hub-Signature-256": f"sha256={digest}"
    }
    onfido = BareHex([secret], "X-SHA2-Signature")
    assert onfido.verify({"x-sha2-signature": digest.upper()}, b"Hello, World!", NOW).key_id == "published"


@pytest.mark.parametrize(
    "value", [DIGEST, f"sha1={DIGEST}", "sha256=", f"sha256={DIGEST}00", f"sha256={'zz' * 32}", "  "]
)
def test_bare_digests_of_another_form_are_refused(value):
    assert refusal(BareHex([NEW], "X-Sig", "sha256="), {"X-Sig": value}) == "malformed"


def fragments():
    words = [
        "t=",
        "v1=",
        "v1,",
        "sha256=",
        ",",
        " ",
        "=",
        ".",
        DIGEST,
        str(int(NOW.timestamp())),
        "whsec_",
        "AAAA",
        "é",
        "\ud800",
    ]
    return st.lists(st.one_of(st.sampled_from(words), st.text(max_size=5)), max_size=8).map("".join)


NAMES = ["webhook-id", "Webhook-Timestamp", "webhook-signature", "Stripe-Signature", "X-Hub-Signature-256"]


@given(
    name=st.sampled_from(list(MAKERS)),
    headers=st.dictionaries(
        st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), st.one_of(fragments(), st.binary())
    ),
    body=st.binary(max_size=50),
)
def test_no_input_is_accepted_by_chance_or_refused_in_another_way(name, headers, body):
    with pytest.raises(SignatureError):
        MAKERS[name]([NEW]).verify(headers, body, NOW)


@given(
    name=st.sampled_from(["standard", "timestamped"]),
    changed=st.sampled_from(NAMES),
    value=fragments(),
    body=st.binary(max_size=50),
)
def test_a_signed_message_with_one_header_exchanged_is_refused(name, changed, value, body):
    scheme = MAKERS[name]([NEW])
    headers = {key.lower(): text for key, text in scheme.sign(body, NOW, "msg_1").items()}
    if changed.lower() not in headers or value.strip() == headers[changed.lower()]:
        return

    with pytest.raises(SignatureError):
        scheme.verify({**headers, changed.lower(): value}, body, NOW)
