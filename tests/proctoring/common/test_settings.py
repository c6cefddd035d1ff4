import traceback

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from proctoring.common.settings import Setting, SettingsSection


class Kitchen(SettingsSection):
    setting_name = "KITCHEN_SETTINGS"

    oven_heat = Setting[int]("OVEN_HEAT", default=180, fallback="OVEN_HEAT_OF_THE_HOUSE", parse=int, doc="In degrees.")
    chef = Setting[str]("CHEF", default="nobody")
    menu = Setting[list[str]]("MENU", default=list)
    courses = Setting[list[str]]("COURSES", default=list, parse=lambda courses: [str(course) for course in courses])


class LargeKitchen(Kitchen):
    chef = Setting[str]("HEAD_CHEF", default="somebody")
    tables = Setting[int]("TABLES", default=4)


@pytest.fixture
def kitchen():
    return Kitchen()


def test_a_missing_dictionary_leaves_the_defaults(kitchen):
    assert kitchen.oven_heat == 180
    assert kitchen.chef == "nobody"


def test_a_dictionary_that_is_none_leaves_the_defaults(kitchen, settings):
    settings.KITCHEN_SETTINGS = None

    assert kitchen.oven_heat == 180


def test_the_key_wins_over_the_fallback_and_the_fallback_over_the_default(kitchen, settings):
    settings.OVEN_HEAT_OF_THE_HOUSE = "200"
    assert kitchen.oven_heat == 200

    settings.KITCHEN_SETTINGS = {"OVEN_HEAT": "220"}
    assert kitchen.oven_heat == 220


def test_a_value_without_parser_is_what_was_configured(kitchen, settings):
    settings.KITCHEN_SETTINGS = {"CHEF": None}

    assert kitchen.chef is None


def test_a_callable_default_is_called_at_each_read(kitchen):
    kitchen.menu.append("soup")

    assert kitchen.menu == []


def test_a_parsed_value_is_parsed_once(kitchen, settings):
    settings.KITCHEN_SETTINGS = {"COURSES": (1, 2)}

    assert kitchen.courses == ["1", "2"]
    assert kitchen.courses is kitchen.courses


def test_a_dictionary_changed_in_place_is_seen(kitchen, settings):
    settings.KITCHEN_SETTINGS = {"OVEN_HEAT": "220"}
    assert kitchen.oven_heat == 220

    settings.KITCHEN_SETTINGS["OVEN_HEAT"] = "240"
    assert kitchen.oven_heat == 240


@pytest.mark.parametrize("changed", ["KITCHEN_SETTINGS", "OVEN_HEAT_OF_THE_HOUSE"])
def test_a_changed_setting_drops_what_was_parsed(kitchen, settings, changed):
    courses = [1]
    settings.KITCHEN_SETTINGS = {"COURSES": courses}
    assert kitchen.courses == ["1"]

    courses.append(2)
    with override_settings(ANOTHER_SETTING=1):
        assert kitchen.courses == ["1"]
    with override_settings(**{changed: {"COURSES": courses}}):
        assert kitchen.courses == ["1", "2"]


def test_an_unreadable_value_is_named_and_not_shown(kitchen, settings):
    settings.KITCHEN_SETTINGS = {"OVEN_HEAT": "hunter2"}

    with pytest.raises(ImproperlyConfigured, match="OVEN_HEAT") as caught:
        _ = kitchen.oven_heat

    shown = "".join(traceback.format_exception(caught.value))
    assert "KITCHEN_SETTINGS" in shown
    assert "hunter2" not in shown


def test_an_unreadable_fallback_is_named_too(kitchen, settings):
    settings.OVEN_HEAT_OF_THE_HOUSE = "hunter2"

    with pytest.raises(ImproperlyConfigured, match=r"OVEN_HEAT_OF_THE_HOUSE \(OVEN_HEAT\)"):
        _ = kitchen.oven_heat


def test_a_dictionary_that_is_none_of_the_kind_is_refused(kitchen, settings):
    settings.KITCHEN_SETTINGS = ["hunter2"]

    with pytest.raises(ImproperlyConfigured, match="KITCHEN_SETTINGS must be a dictionary"):
        _ = kitchen.chef


def test_the_class_gives_the_member_itself_with_its_documentation():
    assert Kitchen.oven_heat.key == "OVEN_HEAT"
    assert Kitchen.oven_heat.__doc__ == "In degrees."


def test_keys_are_those_of_the_members_and_inherited_ones():
    assert Kitchen().keys() == {"OVEN_HEAT", "CHEF", "MENU", "COURSES"}
    assert LargeKitchen().keys() == {"OVEN_HEAT", "HEAD_CHEF", "MENU", "COURSES", "TABLES"}
    assert list(LargeKitchen.members()) == ["oven_heat", "chef", "menu", "courses", "tables"]


def test_unknown_keys_come_with_what_was_probably_meant(kitchen, settings):
    settings.KITCHEN_SETTINGS = {"oven_heet": 1, "CHEF": "Zoe", "XYZZY": 2, 7: 3}

    assert kitchen.unknown_keys() == [("7", None), ("XYZZY", None), ("oven_heet", "OVEN_HEAT")]
