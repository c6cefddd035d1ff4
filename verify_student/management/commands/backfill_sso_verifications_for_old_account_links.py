"""
``manage.py backfill_sso_verifications_for_old_account_links``: verify learners who had signed in through an identity
provider before it was trusted (contract §7.6).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandParser

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand, bad_usage
from verify_student import lms
from verify_student.services import backfill


class Command(BatchCommand):
    """Asks the LMS's service ``sign_ons``. May be broken off and called again."""

    help = "Verify the learners whose accounts are linked to an identity provider that is trusted to know them."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--provider-slug", "--provider_slug", required=True, help="the provider's id, such as saml-gatech"
        )

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        provider_id, size = options["provider_slug"], options["batch_size"]
        if "-" not in provider_id:
            raise bad_usage("--provider-slug takes the provider's id with its prefix, such as saml-gatech.")
        provider = lms.sign_ons().get_provider(provider_id)
        if provider is None:
            raise bad_usage("The LMS has no such provider, or it is switched off.")
        if not provider.vouches:
            raise bad_usage("This provider is not trusted to know its people (enable_sso_id_verification).")
        return (
            backfill.rehearse(provider_id, size)
            if options["dry_run"]
            else backfill.backfill(provider_id, provider, size)
        )
