"""
Who may do what. Each gate is asked of the object that is acted on, and raises where it stays shut.

Nothing that a request says about its caller is asked: only the account that is signed in counts (W30).
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from verify_student.conf import LOCAL
from verify_student.exceptions import VerificationNotFound, VerificationPermissionDenied
from verify_student.models import SoftwareSecurePhotoVerification

SEE_PHOTOS = "verify_student.see_photos"
DECIDE = "verify_student.review_verifications"


def require_photo_tools(user: Any) -> None:
    """Global staff, or whoever may see photos (contract §4.4). Raises ``VerificationPermissionDenied``."""
    _require(is_site_staff(user) or user.has_perm(SEE_PHOTOS))


def require_photo_viewer(user: Any) -> None:
    """Whoever may see photos on the staff's screens, which takes the permission itself."""
    _require(user.has_perm(SEE_PHOTOS))


def require_reviewer(user: Any, verification: SoftwareSecurePhotoVerification) -> None:
    """Whoever may decide on this verification: it takes both permissions, and another person than the learner."""
    _require(may_review(user, verification))


def require_decider(user: Any, verification: Any) -> None:
    """
    Whoever may decide on this verification, of whatever kind, away from the page with its photos: it takes the one
    permission, and another person than the learner. Our own reviews are looks at photos, and take what those take.
    """
    require_other_person(user, verification)
    if getattr(verification, "provider", "") == LOCAL:
        require_reviewer(user, verification)
    _require(user.has_perm(DECIDE))


def require_other_person(user: Any, verification: Any) -> None:
    """Nobody decides on themselves, whatever they may do. Raises ``VerificationPermissionDenied``."""
    if verification.user_id == user.pk:
        raise VerificationPermissionDenied(_("This is your own verification: somebody else decides."))


def account_for(user: Any, username: str) -> Any:
    """
    The account of that name, for staff and for the person (contract §4.5).

    Raises ``VerificationPermissionDenied``, also for names that nobody has, and for staff ``VerificationNotFound``.
    """
    called = get_user_model()._default_manager.filter(username=username)
    # Some databases do not mind how letters are written.
    found = next((account for account in called[:5] if account.get_username() == username), None)
    _require(is_site_staff(user) or (found is not None and found.pk == user.pk))
    if found is None:
        raise VerificationNotFound
    return found


def is_site_staff(user: Any) -> bool:
    """Staff of the whole site."""
    return bool(user.is_staff or user.is_superuser)


def may_review(user: Any, verification: SoftwareSecurePhotoVerification) -> bool:
    """Whether ``user`` may decide on this verification."""
    return verification.user_id != user.pk and bool(user.has_perm(SEE_PHOTOS) and user.has_perm(DECIDE))


def _require(permitted: bool) -> None:
    if not permitted:
        raise VerificationPermissionDenied
