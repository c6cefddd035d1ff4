"""The apps' sentences in every language that is shipped: all of them, with what they leave room for, and compiled."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ar", "de", "es")
CATALOGUES = [
    ROOT / app / "locale" / language / "LC_MESSAGES/django.po"
    for app in ("proctoring", "verify_student")
    for language in LANGUAGES
]
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|(?<!\{)\{\w*\}")
TAGS = re.compile(r"<[^>]+>")
IDS = [f"{path.parents[3].name}-{path.parents[1].name}" for path in CATALOGUES]


@pytest.fixture(params=CATALOGUES, ids=IDS)
def catalogue(request):
    return polib.pofile(str(request.param))


def said(entry):
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_there(catalogue):
    assert len(catalogue) > 100
    missing = [entry.msgid for entry in catalogue if not entry.obsolete and not all(said(entry))]
    assert not missing
    assert not [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete]


def test_nothing_is_lost_or_added_in_translation(catalogue):
    for entry in catalogue:
        original = {*PLACES.findall(entry.msgid), *PLACES.findall(entry.msgid_plural)}
        for text in said(entry):
            assert set(PLACES.findall(text)) <= original, entry.msgid
            assert sorted(TAGS.findall(text)) == sorted(TAGS.findall(entry.msgid)), entry.msgid
        if not entry.msgid_plural:
            assert set(PLACES.findall(entry.msgstr)) == original, entry.msgid
        else:
            # One and none may be said in words; many are counted.
            assert set(PLACES.findall(said(entry)[-1])) == set(PLACES.findall(entry.msgid_plural)), entry.msgid


@pytest.mark.parametrize("path", CATALOGUES, ids=IDS)
def test_it_is_compiled(path):
    """Nobody who installs the apps needs gettext."""
    source, compiled = polib.pofile(str(path)), polib.mofile(str(path.with_suffix(".mo")))
    assert {(entry.msgctxt, entry.msgid): said(entry) for entry in compiled} == {
        (entry.msgctxt, entry.msgid): said(entry) for entry in source
    }
