"""What vendors send, properly signed and otherwise wrong: reviews, word that a learner is ready, results, launches."""

import json
import random
from typing import Any

from django.utils import timezone

from proctoring.common.signing import Secret, StandardWebhooks
from tests.hostile import values, wire
from tests.hostile.counting import family
from tests.hostile.site import Ask, Site
from tests.proctoring.backends.contract import payload
from tests.proctoring.rest.matrix.world import LEGACY_BACKEND, SECRETS

API = "/api/edx_proctoring"
REVIEWS = [payload(f"rest/review_{name}.json") for name in ("passed", "suspicious")]
LEGACY_REVIEWS = [
    payload(f"software_secure/review_{name}.json") for name in ("clean", "not_reviewed", "suspicious", "violation")
]
RESULTS = ("PASS", "FAIL", "SYSTEM FAIL")
REASONS: list[Any] = ["", [{"photoIdReasons": ["Not provided"]}], [{"userPhotoReasons": ["Face out of view"]}], "?"]


def test_callbacks(site: Site) -> None:
    tally, chances = family("callbacks", 500)
    for rng in chances:
        site.ask(
            rng.choice([_review, _review, _ready, _legacy_review, _legacy_review, _result, _result, _launch])(
                rng, site
            ),
            tally,
        )
    tally.settle()


def _review(rng: random.Random, site: Site) -> Ask:
    body = values.encoded(rng, values.mutated(rng, rng.choice(REVIEWS)))
    return _signed_or_not(rng, "watcher", f"{API}/v1/proctored_exam/attempt/{_external_id(rng, site)}/reviewed", body)


def _ready(rng: random.Random, site: Site) -> Ask:
    body = values.encoded(rng, values.scalar(rng))
    return _signed_or_not(rng, "watcher", f"{API}/v1/proctored_exam/attempt/{_external_id(rng, site)}/ready", body)


def _legacy_review(rng: random.Random, site: Site) -> Ask:
    review = json.loads(json.dumps(rng.choice(LEGACY_REVIEWS)))
    about = rng.choice(site.targets)
    review["examMetaData"] |= {"examCode": about.legacy_code, "ssiRecordLocator": about.legacy_id}
    body = values.encoded(rng, values.mutated(rng, review))
    return _signed_or_not(rng, LEGACY_BACKEND, f"{API}/proctoring_review_callback/", body)


def _result(rng: random.Random, site: Site) -> Ask:
    document = {
        "EdX-ID": rng.choice(site.receipts),
        "Result": rng.choice(RESULTS),
        "Reason": rng.choice(REASONS),
        "MessageType": "",
    }
    headers = wire.headers(rng) | {"Authorization": "SSI ACCESSKEY:signature"}
    body = values.encoded(rng, values.mutated(rng, document))
    return Ask("anonymous", "POST", "/verify_student/results_callback", body=body, headers=headers)


def _launch(rng: random.Random, site: Site) -> Ask:
    about = rng.choice(site.targets)
    code = about.legacy_code if rng.random() < 0.7 else values.text(rng)
    signature = about.signature if rng.random() < 0.6 else values.text(rng)
    return Ask(
        rng.choice(["anonymous", "learner"]),
        rng.choice(["GET", "POST", "HEAD"]),
        f"{API}/proctoring_launch_callback/start_exam/{code}",
        query=((rng.choice(["signature", "sig", "s"]), signature),),
        headers=wire.headers(rng),
    )


def _external_id(rng: random.Random, site: Site) -> str:
    return rng.choice(site.targets).external_id if rng.random() < 0.9 else values.text(rng)


def _signed_or_not(rng: random.Random, vendor: str, path: str, body: bytes) -> Ask:
    """Mostly signed: what is refused for its signature shows nothing of what comes after."""
    headers = wire.headers(rng)
    if rng.random() < 0.85:
        scheme = StandardWebhooks([Secret.from_standard("test", SECRETS[vendor])])
        headers |= scheme.sign(body, timezone.now(), f"delivery-{rng.randrange(5)}")
    who = "anonymous" if rng.random() < 0.8 else rng.choice(["reviewer", "site_staff"])
    kind = rng.choice(("application/json",) * 8 + wire.TYPES)
    return Ask(who, "POST", path, body=body, content_type=kind, headers=headers)
