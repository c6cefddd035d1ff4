"""
Answers about many learners from a host's service that knows only the questions about one; slower, and the same.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth import get_user_model


class OneByOne:
    """The host's ``service``, and the ``method`` that it lacks."""

    method = ""

    @classmethod
    def completed(cls, service: Any) -> Any:
        """The service itself, where it lacks nothing."""
        return service if hasattr(service, cls.method) else cls(service)

    def __init__(self, service: Any) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service, name)


class Profiles(OneByOne):
    """Names, one after the other."""

    method = "get_full_names"

    def get_full_names(self, users: Collection[Any]) -> Mapping[int, str]:
        return {user.pk: self._service.get_full_name(user) for user in users}


class Courses(OneByOne):
    """Enrolments, one learner after the other."""

    method = "learners_with_live_verified_enrollment"

    def learners_with_live_verified_enrollment(self, user_ids: Collection[int]) -> set[int]:
        users = get_user_model()._default_manager.in_bulk(list(user_ids))
        return {pk for pk, user in users.items() if self._service.has_live_verified_enrollment(user)}


class Preferences(OneByOne):
    """Languages, one after the other."""

    method = "get_languages"

    def get_languages(self, user_ids: Collection[int]) -> Mapping[int, str | None]:
        return {user_id: self._service.get_language(user_id) for user_id in user_ids}
