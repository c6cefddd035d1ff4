"""
The interface every vendor's plugin implements (contract vendors_admin_screens.md §1).

A plugin translates: our calls into a vendor's protocol, a vendor's messages into ours. It knows no models and no
database. One instance serves a whole process, so a plugin keeps no state of a request.
"""

from collections.abc import Collection, Mapping
from typing import Any

from proctoring.conf import config

ExamDict = Mapping[str, Any]
AttemptDict = Mapping[str, Any]


class ProctoringBackendProvider:
    """
    Base of all plugins. Options from ``PROCTORING_BACKENDS`` arrive as keyword arguments and become attributes.

    "exam" and "attempt" are the dictionaries of contract python.md §4.1, except where a parameter is an external id.
    """

    verbose_name: str = "Unknown"
    tech_support_email: str = ""
    tech_support_phone: str = ""
    learner_notification_from_email: str = ""
    has_dashboard: bool = False
    supports_onboarding: bool = False
    help_center_article_url: str = ""
    # Options without which the vendor cannot be talked to, and which have to be secret or belong to a secret.
    credentials_needed: Collection[str] = ()
    # Fields of the vendor's messages, at any depth: those of which nothing is kept, and those about people, which are
    # kept with the message as it came (encrypted, for some time) and not with the review.
    dropped_fields: Collection[str] = ()
    personal_fields: Collection[str] = ("videoReviewLink", "reviewed_by")
    # Hours after which a review that has not come is asked for; None for a vendor that reviews nothing.
    review_turnaround_hours: float | None = 72
    # Stored review statuses that count as a pass; None means the library's default.
    passing_statuses: Collection[str] | None = None

    def __init__(self, **options: Any) -> None:
        for name, value in options.items():
            setattr(self, name, value)

    @property
    def ping_interval(self) -> int:
        """Seconds between the browser's pings to the vendor's application."""
        own: int | None = self.__dict__.get("ping_interval")
        return config.ping_interval if own is None else own

    @ping_interval.setter
    def ping_interval(self, seconds: int) -> None:
        self.__dict__["ping_interval"] = seconds

    def register_exam_attempt(self, exam: ExamDict, context: Mapping[str, Any]) -> str | None:
        """Tell the vendor that a learner will sit ``exam``; the vendor's id of the attempt."""
        raise NotImplementedError

    def start_exam_attempt(self, exam: str, attempt: str) -> Any:
        """The learner has started (external ids)."""
        raise NotImplementedError

    def stop_exam_attempt(self, exam: str, attempt: str) -> Any:
        """The learner has handed in (external ids)."""
        raise NotImplementedError

    def mark_erroneous_exam_attempt(self, exam: str, attempt: str) -> Any:
        """The attempt ended in an error (external ids)."""
        raise NotImplementedError

    def remove_exam_attempt(self, exam: str, attempt: str) -> bool:
        """Delete the attempt at the vendor: true when gone, false when not confirmed, an exception when unreachable."""
        raise NotImplementedError

    def get_software_download_url(self) -> str | None:
        """Where the learner gets the vendor's software."""
        raise NotImplementedError

    def get_review(self, attempt: AttemptDict) -> Mapping[str, Any] | None:
        """
        The review of an attempt whose review has not come, as ``on_review_callback`` returns one; None for none (yet).

        Never called for a vendor that leaves this method out.
        """
        return None

    def on_review_callback(self, attempt: AttemptDict, payload: Any) -> Any:
        """The vendor's review in the vendor interface's vocabulary (contract vendors_admin_screens.md §3.11)."""
        raise NotImplementedError

    def on_exam_saved(self, exam: ExamDict) -> str | None:
        """Tell the vendor about ``exam``; the vendor's id of it."""
        raise NotImplementedError

    def get_javascript(self) -> str:
        """Address of the vendor's browser worker, empty where there is none."""
        return ""

    def get_exam(self, exam: ExamDict) -> ExamDict:
        """The vendor's view of the exam."""
        return exam

    def get_attempt(self, attempt: AttemptDict) -> AttemptDict:
        """The vendor's view of the attempt; ``download_url`` and ``instructions`` are read from it."""
        return attempt

    def get_instructor_url(
        self,
        course_id: str,
        user: Mapping[str, Any],
        exam_id: str | None = None,
        attempt_id: str | None = None,
        show_configuration_dashboard: bool = False,
        encrypted_video_review_url: bytes | None = None,
    ) -> str | None:
        """Address of the vendor's dashboard for an instructor, None where there is none."""
        return None

    def retire_user(self, user_id: str) -> bool | None:
        """Delete a learner (obscured id) at the vendor; None where there is nothing to do."""
        return None

    def should_block_access_to_exam_material(self) -> bool:
        """Whether the present browser may not show the exam's content."""
        return False

    def should_block_attempt(self, attempt_id: int) -> bool:
        """The same of one attempt, by our id: some vendors' browsers are let in to one attempt each."""
        return self.should_block_access_to_exam_material()

    def get_onboarding_profile_info(self, course_id: str, **kwargs: Any) -> Mapping[str, Any] | None:
        """Onboarding profiles as the vendor knows them."""
        return None

    def get_proctoring_config(self) -> Mapping[str, Any] | None:
        """The vendor's configuration for the learning front end."""
        return None

    def get_video_review_aes_key(self) -> str | None:
        """Hex key under which links to recordings are stored; None means that none is kept."""
        return None
