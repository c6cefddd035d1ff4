"""How learners want to be written to."""

from collections.abc import Collection, Mapping

from demo.lms.models import UserProfile


class PreferencesService:
    """Port ``preferences``."""

    def get_language(self, user_id: int, /) -> str | None:
        return _preference(user_id, "language")

    def get_languages(self, user_ids: Collection[int], /) -> Mapping[int, str | None]:
        said = UserProfile.objects.filter(user_id__in=user_ids).exclude(language="")
        return dict(said.values_list("user_id", "language"))

    def get_time_zone(self, user_id: int, /) -> str | None:
        return _preference(user_id, "time_zone")


def _preference(user_id: int, name: str) -> str | None:
    return UserProfile.objects.filter(user_id=user_id).values_list(name, flat=True).first() or None
