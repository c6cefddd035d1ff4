"""What every view of this door has, and how request bodies are read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from proctoring.common.drf import DomainAPIView
from proctoring.conf import config

TRUE_TEXT, FALSE_TEXT = "true", "false"
MAX_ID = 2**31 - 1


class ProctoringAPIView(DomainAPIView):
    """A view of this app: the site's authentication, and not there at all where special exams are switched off."""

    def authentication_paths(self) -> Sequence[str]:
        return config.api_authentication_classes

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not config.enabled:
            raise Http404
        super().initial(request, *args, **kwargs)


def fields_of(request: Request) -> Mapping[str, Any]:
    """The request's body as named fields, whether JSON or a form. Anything else is a 400."""
    if not isinstance(request.data, Mapping):
        raise ParseError(_("An object with named fields is expected."))
    return request.data


def id_field(fields: Mapping[str, Any], name: str) -> int:
    """A database id. Missing or no number is a 400."""
    try:
        value = int(str(fields[name]))
    except (KeyError, ValueError):
        raise ParseError(_("The field {name} has to be a number.").format(name=name)) from None
    if isinstance(fields[name], bool) or not 0 <= value <= MAX_ID:
        raise ParseError(_("The field {name} has to be a number.").format(name=name))
    return value


def flag_field(fields: Mapping[str, Any], name: str) -> bool:
    """A yes or no: a JSON boolean, or the text clients send today. Missing means no; anything else is a 400."""
    value = fields.get(name, False)
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in {TRUE_TEXT, FALSE_TEXT}:
        raise ParseError(_("The field {name} has to be true or false.").format(name=name))
    return text == TRUE_TEXT
