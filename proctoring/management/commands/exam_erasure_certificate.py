"""``manage.py exam_erasure_certificate``: what was erased of a learner, as a document."""

from typing import Any

from proctoring.common.retention.commands import CertificateCommand
from proctoring.services import certificates


class Command(CertificateCommand):
    """The app's own."""

    def documents(self, user_id: int) -> list[dict[str, Any]]:
        return [certificates.document(certificate) for certificate in certificates.of_learner(user_id)]
