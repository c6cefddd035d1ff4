"""
What learners are granted beyond an exam's rules (contract rest.md §5.8-§5.10).

Who may grant something is asked of the courses that the exams themselves belong to. Whoever is staff of none of them
does not get to know which exams there are.
"""

from collections.abc import Collection, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeGuard

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.exceptions import (
    AllowanceValueNotAllowedException,
    ProctoredExamNotFoundException,
    UserNotFoundException,
)
from proctoring.models import ProctoredExam
from proctoring.rest.allowance_bodies import (
    BY_USERNAME,
    BulkBody,
    BulkOutcomeShape,
    BulkProblemShape,
    GrantBody,
    TakeBackBody,
)
from proctoring.rest.answers import EMPTY, PAGED, refusals
from proctoring.rest.base import ProctoringAPIView, empty
from proctoring.rest.fields import fields_of, id_field, list_field, text_field
from proctoring.rest.pagination import asked_for, counted, listed
from proctoring.rest.shapes import ALLOWANCES
from proctoring.rest.streams import complete_object
from proctoring.serializers import allowance_dict
from proctoring.services import access, allowances
from proctoring.services.references import exams_by_id, key_of

# Pairs of exam and learner in one request: some seconds of work, all of it in one transaction.
MAX_PAIRS = 20_000
# What the panel shows a refusal under.
USER_FIELD, VALUE_FIELD = "user_info", "allowance_value"


class AllowanceView(ProctoringAPIView):
    """Route 12."""

    @extend_schema(request=GrantBody, responses={200: EMPTY, **refusals(400)})
    def put(self, request: Request) -> Response:
        """Grant a learner something, in place of what stood under the same key; an empty answer."""
        fields = fields_of(request)
        exam = _exam(request, fields)
        if exam is None:
            raise ProctoredExamNotFoundException
        allowances.grant(exam.pk, _learner(fields), text_field(fields, "key"), _value(fields), by=request.user)
        return empty()

    @extend_schema(request=TakeBackBody, responses={200: EMPTY, **refusals(400)})
    def delete(self, request: Request) -> Response:
        """Take back what ``exam_id``, ``user_id`` and ``key`` in the body say, if it is there; an empty answer."""
        fields = fields_of(request)
        exam = _exam(request, fields)
        user_id, key = id_field(fields, "user_id"), text_field(fields, "key")
        if exam is not None:
            allowances.remove(exam.pk, user_id, key, by=request.user)
        return empty()


class AllowancesOfCourseView(ProctoringAPIView):
    """Route 13."""

    @extend_schema(parameters=PAGED, responses={200: ALLOWANCES, **refusals(400)})
    def get(self, request: Request, course_id: str) -> HttpResponseBase:
        """All allowances in the course, those at inactive exams too, oldest first; or the page that is asked for."""
        access.require_course_staff(request.user, course_id)
        return listed(allowances.for_course(course_id), allowance_dict, request)


class BulkAllowanceView(ProctoringAPIView):
    """Routes 14 and 15. On the latter, exams outside of the course are exams that there are not."""

    @extend_schema(request=BulkBody, responses={200: EMPTY, 207: BulkOutcomeShape(many=True), 400: BulkProblemShape})
    def put(self, request: Request, course_id: str | None = None) -> Response:
        """
        Grant every learner the same for every exam.

        An empty answer; 207 where some pairs failed, with all of them in the order in which they were named.
        """
        fields = fields_of(request)
        exam_ids, people = _references(fields, "exam_ids"), _references(fields, "user_ids")
        _refuse_too_many(exam_ids, people)
        exams = _exams(request, exam_ids, course_id)
        _refuse_words(exam_ids)
        kind = text_field(fields, "allowance_type")
        try:
            outcomes = allowances.grant_in_bulk(exam_ids, people, kind, _value(fields), exams, request.user)
        except AllowanceValueNotAllowedException as error:
            return _refused(VALUE_FIELD, _why_not_the_value(kind, error))
        if all(one.error for one in outcomes):
            return _refused(USER_FIELD, _why_nobody(exam_ids, outcomes))
        if any(one.error for one in outcomes):
            return Response([_told(one) for one in outcomes], status=HTTPStatus.MULTI_STATUS)
        return empty()


class GroupedAllowancesView(ProctoringAPIView):
    """Route 16."""

    @extend_schema(parameters=PAGED, responses={200: BY_USERNAME, **refusals(400)})
    def get(self, request: Request, course_id: str) -> HttpResponseBase:
        """``{username: [allowance, ...]}`` of the course by usernames, or of the page of learners that is asked for."""
        access.require_course_staff(request.user, course_id)
        page = asked_for(allowances.CountedLearners(course_id), request)
        if page is None:
            found = allowances.by_learner(course_id)
            return complete_object((one.user.get_username(), allowance_dict(one)) for one in found)
        grouped = allowances.of_learners(course_id, list(page))
        shown = {username: [allowance_dict(one) for one in granted] for username, granted in grouped.items()}
        return Response({"results": shown, **counted(page)})


def _exam(request: Request, fields: Mapping[str, Any]) -> ProctoredExam | None:
    """The exam that the caller, staff of its course, has named; None where there is none such."""
    named = fields.get("exam_id")
    exams = exams_by_id([named.strip() if isinstance(named, str) else named])
    _require_staff(request, exams.values())
    return exams.get(id_field(fields, "exam_id"))


def _exams(request: Request, exam_ids: Iterable[Any], course_id: str | None) -> Mapping[int, ProctoredExam]:
    if course_id is not None:
        access.require_course_staff(request.user, course_id)
    exams = exams_by_id(exam_ids)
    if course_id is not None:
        return {key: exam for key, exam in exams.items() if exam.course_id == course_id}
    _require_staff(request, exams.values())
    return exams


def _require_staff(request: Request, exams: Iterable[ProctoredExam]) -> None:
    """Staff of the courses of all the exams; where there is no exam, only staff of the site are told so."""
    courses = {exam.course_id for exam in exams}
    if not courses:
        access.require_site_staff(request.user)
    for course_id in courses:
        access.require_course_staff(request.user, course_id)


def _learner(fields: Mapping[str, Any]) -> int | str:
    """A number is a primary key, a text a username or else an e-mail address, digits or not."""
    value = fields.get("user_info")
    return value if _is_number(value) else text_field(fields, "user_info")


def _value(fields: Mapping[str, Any]) -> Any:
    """What is granted. Whole numbers count as their digits; what else does not fit is the service's to refuse."""
    value = fields.get("value")
    return str(value) if _is_number(value) else value


def _references(fields: Mapping[str, Any], name: str) -> list[int | str]:
    """As ``list_field``, but numbers in a JSON list stay numbers: they are primary keys, of learners too."""
    given = fields.get(name)
    parts = [*given] if isinstance(given, list) else list_field(fields, name)
    cleaned = ((part, list_field({name: [part]}, name)) for part in parts)
    return list(dict.fromkeys(part if _is_number(part) else text for part, texts in cleaned for text in texts))


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse_too_many(exam_ids: Collection[Any], people: Collection[Any]) -> None:
    if max(len(exam_ids), 1) * max(len(people), 1) > MAX_PAIRS:
        raise ParseError(_("At most {limit} allowances can be granted at once.").format(limit=MAX_PAIRS))


def _refuse_words(exam_ids: Iterable[Any]) -> None:
    if not all(key_of(exam_id) for exam_id in exam_ids):
        raise ParseError(_("The field {name} has to be a list of numbers.").format(name="exam_ids"))


def _refused(field: str, sentence: str) -> Response:
    return Response({"detail": sentence, "field": field}, status=HTTPStatus.BAD_REQUEST)


def _why_not_the_value(kind: str, error: AllowanceValueNotAllowedException) -> str:
    return _("Enter a valid positive number.") if kind in allowances.KINDS_OF_TIME else error.detail


def _why_nobody(exam_ids: Collection[Any], outcomes: Collection[allowances.Outcome]) -> str:
    reasons = {one.error.code: one.error for one in outcomes if one.error}
    if set(reasons) == {UserNotFoundException.code} or (exam_ids and not outcomes):
        return _("Enter a valid username or e-mail address.")
    if not outcomes:
        return _("Choose at least one exam.")
    if len(reasons) == 1:
        return reasons.popitem()[1].detail
    return _("Nothing was granted: these learners or these exams are not there, or the exams are not active.")


def _told(outcome: allowances.Outcome) -> dict[str, Any]:
    pair = {"exam_id": str(outcome.exam), "user_id": str(outcome.learner), "success": outcome.error is None}
    return pair | {"detail": outcome.error.detail} if outcome.error else pair
