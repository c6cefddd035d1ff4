"""``manage.py demo_seed``: everything the demo shows, as often as wanted."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.lms.seeding.attempts import seed_attempts
from demo.lms.seeding.course import seed_course
from demo.lms.seeding.exams import seed_exams
from demo.lms.seeding.people import LEARNERS, seed_learner, seed_staff
from demo.lms.seeding.vendor import seed_vendor_account


class Command(BaseCommand):
    """Adds what is missing and leaves what learners did alone."""

    help = "Create the demo's people, course, exams, attempts and the vendor's account."

    def handle(self, *args: Any, **options: Any) -> None:
        course = seed_course()
        reviewer = seed_staff(course)
        seed_vendor_account()
        for name in LEARNERS:
            seed_learner(name, course)
        exams = seed_exams(course)
        attempts = seed_attempts(course, reviewer)
        self.stdout.write(f"Seeded {course.display_name}: {exams} new exams, {attempts} new attempts.")
