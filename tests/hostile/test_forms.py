"""The forms of pages and of the admin, filled in as they were shown, with something wrong in them."""

from tests.hostile import forms
from tests.hostile.counting import family
from tests.hostile.site import Site


def test_forms(site: Site) -> None:
    known = forms.found(site)
    # Found by following links: that they were is part of what is tested.
    paths = {form.path for form in known}
    assert sum(path.startswith("/admin/proctoring/") for path in paths) > 30
    assert sum(path.startswith("/admin/verify_student/") for path in paths) > 20
    assert any(path.endswith("/allowances/grant/") for path in paths)
    assert "/id-verification/photos" in paths
    tally, chances = family("forms", 100)
    for rng in chances:
        site.ask(forms.filled(rng, site, rng.choice(known)), tally)
    tally.settle()
