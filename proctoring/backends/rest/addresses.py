"""Addresses at a REST vendor: ids in their places, and nothing that could change the address."""

from string import Formatter
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from proctoring.exceptions import VendorRefusal


class VendorsIdMissing(VendorRefusal):
    """The vendor's own id of what it is to be told about is not known (yet): no address has an empty place in it."""

    code = "vendors_id_missing"
    default_message = _("The proctoring service does not know of this yet. Please try again in a moment.")


def filled(template: str, ids: dict[str, Any]) -> str:
    """``template`` with the ids that it asks for. Raises ``VendorsIdMissing`` where one of them is none."""
    wanted = [name for _text, name, _spec, _conversion in Formatter().parse(template) if name]
    if any(ids.get(name) in {None, ""} for name in wanted):
        raise VendorsIdMissing
    # Ids go back as they came, except for what would change the address; course ids keep + and :.
    return template.format(**{name: quote(str(ids[name]), safe="+:@-._~") for name in wanted})
