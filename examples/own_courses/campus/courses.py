"""The platform's courses. Yours are in tables, or wherever you keep them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exam:
    """A part of a course with a clock; ``content_id`` is any text that is unique in the course."""

    content_id: str
    name: str
    minutes: int
    question: str


@dataclass(frozen=True)
class Course:
    """A course; people go by their usernames."""

    course_id: str
    name: str
    exams: tuple[Exam, ...]
    learners: frozenset[str]
    staff: frozenset[str]


BEES = Course(
    course_id="keeping-bees",
    name="Keeping bees",
    exams=(Exam("swarms", "Swarms", minutes=30, question="When does a colony swarm, and what do you do then?"),),
    learners=frozenset({"lena"}),
    staff=frozenset({"theo"}),
)
COURSES = {course.course_id: course for course in [BEES]}
