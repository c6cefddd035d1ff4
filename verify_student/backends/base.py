"""
The interface of whoever reviews photos.

A provider translates: our request into its protocol, its messages into ours. It knows no models and no database. One
instance serves a whole process, so a provider keeps no state of a request.
"""

from collections.abc import Sequence
from datetime import datetime

from verify_student.backends.types import Message, PhotoRequest, ResultEvent


class IdentityProvider:
    """
    Base of all providers.

    ``wants_copies``: it fetches encrypted copies of the photos from our storage. ``sends_results``: it calls back.
    ``erases``: it can be asked to delete what it has.
    """

    name: str = ""
    verbose_name: str = ""
    wants_copies: bool = False
    sends_results: bool = False
    erases: bool = False

    def submit(self, request: PhotoRequest) -> None:
        """
        Ask for a review. Talks to the provider, so never within a transaction.

        Raises ``ProviderRefused`` where asking again is of no use; whatever else it raises is tried again.
        """
        raise NotImplementedError

    def erase(self, receipt_ids: Sequence[str]) -> None:
        """
        Have everything deleted that the provider has of these verifications; it may be asked twice, and may know none
        of them. Talks to the provider, so never within a transaction.

        Returns once the provider has confirmed; whatever it raises is tried again.
        """
        raise NotImplementedError

    def authenticate(self, message: Message, now: datetime) -> str:
        """
        Whom a message is from, as a short word for the record. Raises a ``DomainError`` where that is not proven.
        """
        raise NotImplementedError

    def result(self, message: Message) -> ResultEvent:
        """What a message says. Raises a ``DomainError`` for one that cannot be read."""
        raise NotImplementedError
