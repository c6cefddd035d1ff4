"""A vendor that deletes learners."""

from tests.fakes import WatchingBackend


class RetiringBackend(WatchingBackend):
    """Answers ``says``."""

    def forget(self) -> None:
        super().forget()
        self.says: bool | None = True

    def retire_user(self, user_id: str) -> bool | None:
        self._called("retire", user_id)
        self._prepare_answer()
        return self.says
