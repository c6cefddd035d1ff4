"""What a learner and a teacher do in their browsers: ``python manage.py test``."""

import re
from html import unescape

from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase

from proctoring.api import get_current_exam_attempt, get_exam_by_content_id

COURSE, EXAM = "/courses/keeping-bees/", "/courses/keeping-bees/swarms"
STAFFS = "/api/edx_proctoring/pages/course/keeping-bees/overview/"
QUESTION = "When does a colony swarm"


class CampusTests(TransactionTestCase):
    """The screens bring plain forms, so that nothing here needs a browser."""

    fixtures = ["people"]

    def test_a_learner_takes_a_timed_exam(self) -> None:
        browser = Client()
        self.assertRedirects(browser.post("/login", {"username": "lena", "password": "bees-and-honey"}), "/")
        self.assertContains(browser.get(COURSE), EXAM)
        self.assertNotContains(browser.get(EXAM), QUESTION)

        self.assertIn(QUESTION, self.pressed(browser, "create"))
        self.assertEqual(self.status(), "started")
        self.assertNotIn(QUESTION, self.pressed(browser, "stop"))
        self.assertNotIn(QUESTION, self.pressed(browser, "submit"))

        self.assertEqual(self.status(), "submitted")

    def test_staff_see_the_content_and_a_page_about_the_exams_of_the_course(self) -> None:
        learner, teacher = self.signed_in("lena"), self.signed_in("theo")
        self.pressed(learner, "create")

        self.assertContains(teacher.get(EXAM), QUESTION)
        self.assertContains(teacher.get(COURSE), STAFFS)
        self.assertContains(teacher.get(STAFFS), "Swarms")
        self.assertEqual(learner.get(STAFFS).status_code, 403)

    def test_a_learner_is_told_how_to_be_verified(self) -> None:
        browser = self.signed_in("lena")
        self.assertContains(browser.get("/"), "/id-verification")
        self.assertContains(browser.get("/id-verification"), "/id-verification/photos")

    def test_what_is_not_theirs_is_not_there(self) -> None:
        self.assertRedirects(self.client.get(EXAM), f"/login?next={EXAM}")
        self.client.force_login(get_user_model().objects.create_user("someone"))
        self.assertEqual(self.client.get(EXAM).status_code, 404)

    def signed_in(self, username: str) -> Client:
        browser = Client()
        browser.force_login(get_user_model().objects.get(username=username))
        return browser

    def pressed(self, browser: Client, action: str) -> str:
        """What the exam's page shows after its button for ``action`` was pressed."""
        forms = re.findall(r"<form.*?</form>", browser.get(EXAM).content.decode(), re.DOTALL)
        (form,) = [form for form in forms if f'data-proctoring-action="{action}"' in form]
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        (address,) = re.findall(r' action="([^"]+)"', form)
        after = browser.post(unescape(address), {name: unescape(value) for name, value in fields.items()}, follow=True)
        self.assertEqual(after.request["PATH_INFO"], EXAM)
        return after.content.decode()

    def status(self) -> str:
        exam = get_exam_by_content_id("keeping-bees", "swarms")
        attempt = get_current_exam_attempt(exam["id"], get_user_model().objects.get(username="lena").pk)
        return str(attempt["status"]) if attempt else "none"
