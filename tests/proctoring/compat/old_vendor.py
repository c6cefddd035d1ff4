"""A vendor's plugin as it was written for older sites: nothing in it is to be changed."""

from edx_proctoring.backends.backend import ProctoringBackendProvider
from edx_proctoring.backends.rest import BaseRestProctoringProvider
from edx_proctoring.constants import TIME_MULTIPLIER
from edx_proctoring.exceptions import BackendProviderCannotRegisterAttempt
from edx_proctoring.statuses import ProctoredExamStudentAttemptStatus


class OldVendor(ProctoringBackendProvider):
    """Keeps what it is told."""

    verbose_name = "Old vendor"
    npm_module = "@old/vendor"
    has_dashboard = True

    def __init__(self, **options):
        super().__init__(**options)
        self.told = []

    def register_exam_attempt(self, exam, context):
        if context["full_name"] == "nobody":
            raise BackendProviderCannotRegisterAttempt("no", 400)
        self.told.append(ProctoredExamStudentAttemptStatus.created)
        return f"old-{context['attempt_code']}"

    def start_exam_attempt(self, exam, attempt):
        self.told.append((exam, attempt, ProctoredExamStudentAttemptStatus.started))

    def stop_exam_attempt(self, exam, attempt):
        self.told.append((exam, attempt, ProctoredExamStudentAttemptStatus.submitted))

    def mark_erroneous_exam_attempt(self, exam, attempt):
        pass

    def remove_exam_attempt(self, exam, attempt):
        return True

    def get_software_download_url(self):
        return "https://old.example/software"

    def on_review_callback(self, attempt, payload):
        return {"status": payload["verdict"], "comments": []}

    def on_exam_saved(self, exam):
        return f"old-{exam['id']}"


class OldRestVendor(BaseRestProctoringProvider):
    """Of the REST protocol's class, with steps of its own."""

    base_url = "https://old.example"
    verbose_name = "Old REST vendor"
    default_rules = {"allow_notes": False, "extra": TIME_MULTIPLIER}

    @property
    def proctoring_instructions(self):
        return ["Sit down.", "Look up."]
