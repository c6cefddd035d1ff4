from tests.proctoring.backends.rest_vendor import provider, rest_vendor
from tests.proctoring.backends.software_secure_vendor import registering, wire

__all__ = ["provider", "registering", "rest_vendor", "wire"]
