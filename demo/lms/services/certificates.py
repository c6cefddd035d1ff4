"""Course certificates."""

from demo.lms.models import Certificate, CertificateStatus


class CertificatesService:
    """Port ``certificates``."""

    def invalidate_certificate(self, *, user_id: int, course_key_or_id: str) -> None:
        Certificate.objects.filter(user_id=user_id, course__course_id=str(course_key_or_id)).update(
            status=CertificateStatus.INVALIDATED
        )
