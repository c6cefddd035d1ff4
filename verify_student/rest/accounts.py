"""The learner's verifications for support tools and partners (contract §4.5)."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.openapi import PAGED, refusals
from verify_student.exceptions import VerificationNotFound
from verify_student.rest.base import IdentityAPIView
from verify_student.rest.shapes import VERIFICATIONS, AccountStatusShape
from verify_student.serializers import verification_dict
from verify_student.services import access, standing, user_status

PAGE_SIZE, MAX_PAGE_SIZE = 25, 500


class AccountView(IdentityAPIView):
    """A view about one account. Whoever is nobody gets 401 here, not 403."""

    usual_refusals = (401, 403, 404, 429)

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class VerificationStatusView(AccountView):
    """Where the learner stands."""

    @extend_schema(responses=AccountStatusShape)
    def get(self, request: Request, username: str) -> Response:
        """404 for somebody who has not begun."""
        status = user_status.of_user(access.account_for(request.user, username))
        if status["status"] == user_status.NONE:
            raise VerificationNotFound
        return Response(
            {
                "is_verified": status["status"] == user_status.APPROVED,
                "status": status["status"],
                "expiration_datetime": status["verification_expiry"],
            }
        )


class VerificationsView(AccountView):
    """Every verification of the learner, whatever its kind."""

    @extend_schema(parameters=PAGED, responses={200: VERIFICATIONS, **refusals(400)})
    def get(self, request: Request, username: str) -> Response:
        """
        A list, the one that changed last first. With ``page`` or ``page_size`` in the query: ``results``, ``count`` and
        ``pagination_info``. 404 for somebody who has none.
        """
        rows = standing.of_user(access.account_for(request.user, username)).rows
        if not rows:
            raise VerificationNotFound
        items = [verification_dict(row) for row in sorted(rows, key=lambda row: row.updated_at, reverse=True)]
        return Response(_paged(items, request) if _wants_pages(request) else items)


def _wants_pages(request: Request) -> bool:
    return "page" in request.query_params or "page_size" in request.query_params


def _paged(items: Sequence[dict[str, Any]], request: Request) -> dict[str, Any]:
    """No number is the first page, out of range the last; a size that is none is a 400."""
    size = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (size.isascii() and size.isdigit() and len(size) <= 4 and 1 <= int(size) <= MAX_PAGE_SIZE):
        raise ParseError(_("The page size has to be a number from 1 to {limit}.").format(limit=MAX_PAGE_SIZE))
    page = Paginator(items, int(size)).get_page(request.query_params.get("page", 1))
    return {
        "results": page.object_list,
        "count": page.paginator.count,
        "pagination_info": {
            "has_previous": page.has_previous(),
            "has_next": page.has_next(),
            "current_page": page.number,
            "total_pages": page.paginator.num_pages,
        },
    }
