"""What must not get about: a marker for each personal field and each secret, and the places where each belongs."""

import base64
from collections.abc import Iterator, Mapping

NAME, ID_NAME, EMAIL, USERNAME = "Zqfullnamemark", "Zqidnamemark", "zqemailmark", "zqusernamemark"
COMMENT, PAYLOAD, VIDEO, REASON = "zqcommentmark", "zqpayloadmark", "zqvideolinkmark", "zqreasonmark"
PHOTO, TOKEN, SIGNATURE = "zqphotomark", "zqoauthtokenmark", "zqsignaturemark"
CLIENT_SECRET, VENDOR_SECRET, WEBHOOK = "zqclientsecretmark", "zqvendorsecretmark", "zqwebhooksecretmarkzqwebhook"
CRYPTO, SITE_KEY, STORE_KEY = "zqcryptokeymarkzqcryptok", "zqsitekeymark", "zqstorekeymarkzqstorekeymark1234"
ACCESS_KEY, API_SECRET = "zqaccesskeymark", "zqapisecretmark"

PERSONAL = (NAME, ID_NAME, EMAIL, USERNAME, COMMENT, PAYLOAD, VIDEO, REASON, PHOTO)
SECRETS = (
    TOKEN,
    SIGNATURE,
    CLIENT_SECRET,
    VENDOR_SECRET,
    WEBHOOK,
    CRYPTO,
    SITE_KEY,
    STORE_KEY,
    ACCESS_KEY,
    API_SECRET,
)
EVERY = PERSONAL + SECRETS

REVIEWS = "proctoring_proctoredexamsoftwaresecurereview"
IDENTITY = "verify_student_softwaresecurephotoverification"
# Where a marker may be: the column that is there for it, and the cache where it is kept. Nothing else is right.
ALLOWED: Mapping[str, frozenset[str]] = {
    USERNAME: frozenset({"column:auth_user.username"}),
    EMAIL: frozenset({"column:auth_user.email"}),
    NAME: frozenset(),
    # The name that is to be confirmed is what a verification is about.
    # The demo LMS keeps verified names, which is its own business.
    ID_NAME: frozenset({f"column:{IDENTITY}.name", "column:demo_lms_verifiedname.verified_name"}),
    # Reviews, remarks and reasons have columns of their own, for those who may see them.
    COMMENT: frozenset(
        {
            "column:proctoring_proctoredexamstudentattemptcomment.comment",
            f"column:{REVIEWS}.raw_data",
            f"column:{IDENTITY}.error_msg",
        }
    ),
    # What a sender calls the thing that its message is about is how people find the message.
    PAYLOAD: frozenset(
        {
            f"column:{REVIEWS}.raw_data",
            "column:proctoring_inboxdelivery.subject",
            "column:verify_student_inboxdelivery.subject",
        }
    ),
    # What staff type in as a reason is for the record.
    REASON: frozenset(
        {
            "column:proctoring_staffaction.reason",
            "column:verify_student_staffaction.reason",
            "column:django_admin_log.change_message",
            "column:verify_student_manualverification.reason",
            "column:proctoring_retentionhold.reason",
            "column:verify_student_retentionhold.reason",
        }
    ),
    # Kept for its lifetime, under a digested key.
    TOKEN: frozenset({"cache"}),
}


def forms(marker: str) -> Iterator[bytes]:
    """The marker as it is, in hexadecimal digits, and in base64 at each of the places where it may begin."""
    raw = marker.encode()
    yield raw.lower()
    yield raw.hex().encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        # Signs at both ends depend on the neighbours as well.
        yield encoded[(shift * 8 + 5) // 6 :][:-4]
