"""Software Secure, the vendor of existing sites (contract §2, §3, appendix A)."""

from verify_student.backends.software_secure.provider import SoftwareSecureProvider

__all__ = ["SoftwareSecureProvider"]
