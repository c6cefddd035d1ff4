"""Changes that a service may refuse."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from proctoring.common.admin import GuardedAdmin
from proctoring.common.errors import DomainError


class RefusalsAsMessages(GuardedAdmin):
    """
    A form whose saving is left to a service.

    What the service refuses is shown as an error on the same page: nothing is changed, logged or called a success.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return response
