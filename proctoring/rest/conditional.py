"""
Answers that clients may keep and ask about again: an ``ETag``, and 304 without a body for whoever has these bytes.

The tag is made of the whole answer, after everything that a request is asked for has been checked. So 304 never says
anything that 200 would not have said; with a clock that runs in it, an answer is another one each time.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

# Whose answer it is: one learner's must not reach another one.
CALLERS = ("Cookie", "Authorization")
CONDITIONAL = [
    OpenApiParameter(
        "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` of the answer that the caller has."
    ),
    OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, description="Of this answer, for `If-None-Match`.", response=[200, 304]
    ),
]
UNCHANGED = {304: OpenApiResponse(description="The caller has this answer already.")}

Get = Callable[..., HttpResponseBase]


def revalidated(get: Get) -> Get:
    """``get`` of a view whose answers are the caller's alone, and are asked about each time before they are used."""

    @wraps(get)
    def answered(view: Any, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = get(view, request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, CALLERS)
        # What is sent while it is read has no bytes to compare.
        if hasattr(response, "add_post_render_callback"):
            response.add_post_render_callback(partial(_compared, request))
        return response

    return answered


def _compared(request: Any, response: Any) -> HttpResponseBase | None:
    """The answer, or 304 in its place where the caller has it."""
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response)
