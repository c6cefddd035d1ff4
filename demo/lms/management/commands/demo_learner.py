"""``manage.py demo_learner <name>``: a fresh learner for a story."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.lms.models import Course
from demo.lms.seeding.course import COURSE_ID
from demo.lms.seeding.people import PASSWORD, reset_learner


class Command(BaseCommand):
    """Creates the learner, or takes everything back that the learner did."""

    help = "Create a learner enrolled in the demo course, or reset one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.filter(course_id=COURSE_ID).first()
        if course is None:
            raise CommandError("There is no demo course yet: run demo_seed first.")
        try:
            user = reset_learner(options["name"], course)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username} (password: {PASSWORD})")
