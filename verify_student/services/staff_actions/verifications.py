"""What staff do to verifications."""

from proctoring.common.acting import Verb

VERBS: tuple[Verb, ...] = ()
