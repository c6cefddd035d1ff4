"""What staff type in about allowances. What may be granted is the services' to say; here are words and places."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance
from proctoring.services.allowances import TIME_MULTIPLIER
from proctoring.services.wording import kinds_of

MOST_TYPED = 200_000
MOST_LEARNERS = 1000
KINDS = [
    (ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED[0], _("More time, in minutes")),
    (TIME_MULTIPLIER, _("More time, as a multiple of the exam's own (1.5 is half as much again)")),
    (ProctoredExamStudentAllowance.REVIEW_POLICY_EXCEPTION[0], _("An exception, told to the reviewers")),
]


class GrantForm(forms.Form):
    """The same for many learners in many exams."""

    learners = forms.CharField(
        label=_("Learners"),
        help_text=_("Usernames or e-mail addresses, with commas, blanks or line breaks between them."),
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    exams = forms.MultipleChoiceField(
        label=_("Exams"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one exam.")},
    )
    kind = forms.ChoiceField(label=_("What is granted"), choices=KINDS)
    value = forms.CharField(
        label=_("How much, or which exception"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, course_id: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = ProctoredExam.get_all_exams_for_course(course_id, active_only=True)
        self.active = {str(exam.pk): exam for exam in active.order_by("exam_name", "pk")}
        kinds = kinds_of(self.active.values())
        exams: Any = self.fields["exams"]
        exams.choices = [(key, f"{exam.exam_name} ({kinds[exam.pk]})") for key, exam in self.active.items()]

    def clean_exams(self) -> list[ProctoredExam]:
        """The exams that were chosen."""
        return [self.active[key] for key in self.cleaned_data["exams"]]

    def clean_learners(self) -> list[str]:
        """The people, each once, in the order in which they were named."""
        named = list(dict.fromkeys(part for part in re.split(r"[\s,;]+", self.cleaned_data["learners"]) if part))
        if not named:
            raise forms.ValidationError(_("Name at least one learner."))
        if len(named) > MOST_LEARNERS:
            raise forms.ValidationError(
                _("These are more than %(most)d learners. Grant it to some of them first, or import a file."),
                params={"most": MOST_LEARNERS},
            )
        return named


class ValueForm(forms.Form):
    """Another value for an allowance that is there."""

    value = forms.CharField(label=_("New value"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
