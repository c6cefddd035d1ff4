"""What both apps' REST doors share: one base view, one mapping from refusals to answers."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from proctoring.common.errors import DomainError

logger = logging.getLogger(__name__)


class DomainAPIView(APIView):
    """
    A view whose domain refusals are answered as ``{"detail": sentence}`` with the refusal's status.

    Callers must be signed in, and active; every failure to prove it is 403 (contract rest.md §1.2).
    """

    permission_classes = [IsAuthenticated]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        # Services commit what they decide before they talk to another machine, also on a site with atomic requests.
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def authentication_paths(self) -> Sequence[str]:
        """Dotted paths of the authentication classes, in order."""
        raise NotImplementedError

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [import_string(path)() for path in self.authentication_paths()]

    def get_authenticate_header(self, request: Request) -> str:
        # No challenge: without one the framework answers 403 whatever was presented.
        return ""

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        # A token outlives the account it was made for; a suspended account must not.
        if request.user.is_authenticated and not request.user.is_active:
            raise PermissionDenied

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DomainError):
            logger.info("Refused: view=%s code=%s", type(self).__name__, exc.code)
            answer = Response(self.refusal(exc), status=self.refusal_status(exc))
            answer.exception = True
            return answer
        return super().handle_exception(exc)

    def refusal(self, error: DomainError) -> Any:
        """The body of a refusal."""
        return {"detail": error.detail}

    def refusal_status(self, error: DomainError) -> int:
        """The HTTP status of a refusal."""
        return error.response_status
