"""The demo with the vendor of identity verification that wants most: copies of both photos, their keys wrapped."""

from demo.settings import *  # noqa: F403
from demo.settings import VERIFY_STUDENT as DEMO_VERIFY_STUDENT
from demo.settings import env

VERIFY_STUDENT = DEMO_VERIFY_STUDENT | {
    "PROVIDER": "software_secure",
    "SOFTWARE_SECURE": {
        "API_URL": "https://vendor.invalid/verify",
        "API_ACCESS_KEY": "bench",
        "API_SECRET_KEY": "bench",
        "FACE_IMAGE_AES_KEY": bytes(range(32)).hex(),
        "RSA_PUBLIC_KEY": env.str("BENCH_RSA_KEY", default="", multiline=True),
    },
}
