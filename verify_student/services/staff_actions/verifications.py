"""What staff do to verifications of every kind. Single sign-on is the identity provider's to decide."""

from verify_student.services.staff_actions import attempts, photos, vouched

VERBS = (*photos.VERBS, *attempts.VERBS, *vouched.VERBS)
