"""What requests say of exams, checked before anything is written (contract rest.md §5.1, §5.2)."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from proctoring.backends import configured_names
from proctoring.rest.fields import MAX_TEXT
from proctoring.services.timing import MAX_MINUTES

NON_FIELD_ERRORS = "non_field_errors"
MAX_EXAMS = 1000


def minutes(**options: Any) -> serializers.IntegerField:
    """Minutes that the database can hold."""
    return serializers.IntegerField(min_value=-MAX_MINUTES, max_value=MAX_MINUTES, **options)


def configured(name: str) -> None:
    """Refuse a vendor that is not in the settings."""
    if name not in configured_names():
        raise serializers.ValidationError(_("There is no such proctoring service."))


class ExamBody(serializers.Serializer[Any]):
    """What every description of an exam has. What is checked and then ignored is not in the validated data."""

    ignored = frozenset({"id"})

    id = serializers.IntegerField(required=False, allow_null=True)
    content_id = serializers.CharField(max_length=MAX_TEXT)
    exam_name = serializers.CharField()
    time_limit_mins = minutes()
    is_proctored = serializers.BooleanField()
    is_practice_exam = serializers.BooleanField()
    is_active = serializers.BooleanField()
    hide_after_due = serializers.BooleanField()
    due_date = serializers.DateTimeField(default=None, allow_null=True)
    backend = serializers.CharField(default=None, allow_null=True, max_length=MAX_TEXT, validators=[configured])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in attrs.items() if name not in self.ignored}


class NewExam(ExamBody):
    """One exam, made."""

    course_id = serializers.CharField(max_length=MAX_TEXT)
    external_id = serializers.CharField(max_length=MAX_TEXT)


class PublishedExams(serializers.ListSerializer[Any]):
    """
    All exams of a course: a JSON list, which names each part of the course once.

    The errors are the contract's list, an object for each item, whatever the framework makes of lists.
    """

    def to_internal_value(self, data: Any) -> list[Any]:
        # A form has no list in it, and an empty list would end every exam of the course.
        if not isinstance(data, list):
            raise _refused(_("A list of exams is expected."))
        if len(data) > MAX_EXAMS:
            raise _refused(_("At most {limit} exams can be registered at once.").format(limit=MAX_EXAMS))
        checked = [self._checked(item) for item in data]
        _refuse_any([errors for item, errors in checked])
        items = [item for item, errors in checked]
        times = Counter(item["content_id"] for item in items)
        twice = {"content_id": [_("There is more than one exam for this part of the course.")]}
        _refuse_any([twice if times[item["content_id"]] > 1 else {} for item in items])
        return items

    def _checked(self, item: Any) -> tuple[Any, Any]:
        """The item, and what is wrong with it."""
        try:
            # Of null it is said what is missing by the names of the fields, as of every other item.
            return self.run_child_validation({} if item is None else item), {}
        except serializers.ValidationError as refusal:
            return None, refusal.detail


def _refused(sentence: str) -> serializers.ValidationError:
    return serializers.ValidationError({NON_FIELD_ERRORS: [sentence]})


def _refuse_any(errors: list[Any]) -> None:
    if any(errors):
        raise serializers.ValidationError(errors)


class PublishedExam(ExamBody):
    """One of all exams of a course. Its course is the one in the address."""

    ignored = frozenset({"id", "course_id"})

    course_id = serializers.CharField(required=False, allow_null=True, max_length=MAX_TEXT)
    external_id = serializers.CharField(default=None, allow_null=True, max_length=MAX_TEXT)

    class Meta:
        list_serializer_class = PublishedExams


class ChangedExam(serializers.Serializer[Any]):
    """What can be changed of an exam; null leaves it as it is. To be used with ``partial``."""

    exam_name = serializers.CharField(required=False, allow_null=True)
    time_limit_mins = minutes(required=False, allow_null=True)
    is_proctored = serializers.BooleanField(required=False, allow_null=True)
    is_practice_exam = serializers.BooleanField(required=False, allow_null=True)
    external_id = serializers.CharField(required=False, allow_null=True, max_length=MAX_TEXT)
    is_active = serializers.BooleanField(required=False, allow_null=True)
    hide_after_due = serializers.BooleanField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in attrs.items() if value is not None}


class ExamChangesShape(ChangedExam):
    """Which exam, and what changes of it."""

    exam_id = serializers.IntegerField()
