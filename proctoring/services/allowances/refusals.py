"""What is wrong with a file of allowances, or with a line of it."""

from django.utils.translation import gettext_lazy as _

from proctoring.exceptions import ProctoredBaseException


class AllowanceFileRefused(ProctoredBaseException):
    """The columns are not those of a file of allowances: nothing of it can be read."""

    code = "allowance_file_not_readable"
    default_message = _("This is no file of allowances.")


class LineNotReadable(ProctoredBaseException):
    code = "line_not_readable"
    default_message = _("This cannot be read: a quotation mark is missing, or it is far too long.")


class WrongNumberOfFields(ProctoredBaseException):
    code = "wrong_number_of_fields"
    default_message = _("There are more or fewer fields than columns.")


class FieldTooLong(ProctoredBaseException):
    code = "field_too_long"
    default_message = _("A field is longer than 255 characters.")


class CharactersNotAllowed(ProctoredBaseException):
    code = "characters_not_allowed"
    default_message = _("There are characters that cannot be stored; the file has to be UTF-8.")


class CourseMissing(ProctoredBaseException):
    code = "course_missing"
    default_message = _("The course is missing.")


class OtherCourse(ProctoredBaseException):
    code = "other_course"
    default_message = _("This is about another course.")


class SaidBefore(ProctoredBaseException):
    """An earlier line is about the same learner, exam and kind; ``first`` is its number."""

    code = "said_before"


class NotDone(ProctoredBaseException):
    code = "not_done"
    default_message = _("This could not be done; the log says why.")
