"""What learners and reviewers do with photos, one step a function."""


def step(page, name):
    """One step of the form: ``face``, ``photo_id`` or ``check``."""
    return page.locator(f"#{name}")


def take(page, name):
    """One photo by the camera, whose step is returned; the way on is in focus."""
    here = step(page, name)
    here.get_by_role("button", name="Use the camera").click()
    here.get_by_role("button", name="Take the photo").click()
    here.locator("[data-next]:focus").wait_for()
    return here


def take_both(page):
    """Both photos, up to the last step."""
    for name in ("face", "photo_id"):
        take(page, name).get_by_role("link", name="Next").click()


def one_photo_at_a_time(page):
    """Each look is written down, and all of the server's threads share the one connection of a database in memory."""
    waiting = []

    def ask(route):
        waiting.append(route)
        if len(waiting) == 1:
            route.continue_()

    def finished(request):
        if waiting and waiting[0].request == request:
            waiting.pop(0)
            if waiting:
                waiting[0].continue_()

    page.route("**/photo/*/", ask)
    page.on("requestfinished", finished)
