from tests.proctoring.backends.rest_vendor import provider, rest_vendor

__all__ = ["provider", "rest_vendor"]
