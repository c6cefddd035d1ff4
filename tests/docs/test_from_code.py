"""Pages that are read from the code leave nothing out."""

import ast
from types import ModuleType

import pytest
from django.apps import apps
from django.dispatch import Signal

from docs.from_code import diagrams, operating, ports, settings, signals
from docs.from_code.pages import DIRECTIVES
from docs.from_code.text import prose
from proctoring import conf as exam_conf
from proctoring.backends import OPTIONS
from proctoring.backends.options import EFFECTS, KINDS
from proctoring.common.settings import Setting, SettingsSection
from proctoring.lms import SERVICE_NAMES
from tests.docs.samples import PROJECT
from verify_student import conf as identity_conf
from verify_student.checks import VENDOR_KEYS
from verify_student.statuses import PHOTO_MACHINE, Actor

PAGES = "".join(page.read_text(encoding="utf-8") for page in (PROJECT / "docs").glob("*.rst"))


class ShopSettings(SettingsSection):
    """Somebody adds a setting."""

    setting_name = "SHOP"

    hours = Setting[int]("HOURS", fallback="SHOP_HOURS", default=8, doc="Hours `open` a day (contract shop.md §1).")
    owner = Setting[str]("OWNER", default=lambda: "nobody", doc="Whose it is.")


@pytest.mark.parametrize("name", DIRECTIVES)
def test_each_part_is_made_and_has_its_place(name: str) -> None:
    assert DIRECTIVES[name]().strip()
    assert f".. {name}::\n" in PAGES


def test_a_new_setting_appears_by_itself() -> None:
    table = settings.keys_of(ShopSettings)

    assert "``HOURS``\n     - ``8``\n     - ``SHOP_HOURS``\n     - Hours ``open`` a day." in table
    assert "``OWNER``\n     - ``'nobody'``\n     - –\n" in table


@pytest.mark.parametrize("section", [exam_conf.ProctoringConfig, identity_conf.VerifyStudentConfig])
def test_each_setting_says_what_it_does(section: type[SettingsSection]) -> None:
    assert not [setting.key for setting in section.members().values() if not (setting.__doc__ or "").strip()]


def test_defaults_are_not_those_of_this_site() -> None:
    """A default that reads the site's settings is told in words."""
    assert "CONTACT_EMAIL" in settings.default_of(exam_conf.ProctoringConfig.contact_email)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            settings.others_of_exams(),
            ["PROCTORING_BACKENDS", "PROCTORING_USER_OBFUSCATION_KEY", 'FEATURES["ENABLE_SPECIAL_EXAMS"]', "HTTPS"],
        ),
        (
            settings.others_of_identity(),
            [
                "VERIFICATION_EXPIRY_EMAIL",
                'FEATURES["ENABLE_SOFTWARE_SECURE_FAKE"]',
                "ACE_ENABLED_CHANNELS",
                "SECRET_KEY",
            ],
        ),
    ],
    ids=["exams", "identity"],
)
def test_settings_outside_the_dictionaries_are_found(text: str, names: list[str]) -> None:
    assert not [name for name in names if f"``{name}``" not in text]


@pytest.mark.parametrize("module", [exam_conf, identity_conf], ids=lambda module: module.__name__)
def test_whatever_reads_settings_is_understood(module: ModuleType) -> None:
    for member in settings.properties(type(module.config)):
        reads = any(
            isinstance(node, ast.Name) and node.id == "settings" for node in ast.walk(settings.source_of(member))
        )
        # The dictionary itself; its keys are told where they are read.
        if reads and member.fget.__name__ != "features":
            assert list(settings.read_by(member, module)), member.fget.__name__


def test_options_of_vendors_are_all_told() -> None:
    table = settings.options()

    assert not [name for name in OPTIONS if f"``{name}``" not in table]


def test_keys_of_the_vendor_of_photos_are_all_told() -> None:
    page = (PROJECT / "docs/verify_student.rst").read_text(encoding="utf-8")

    assert not [key for key in VENDOR_KEYS if f"``{key}``" not in page]


@pytest.mark.parametrize("module", signals.MODULES, ids=lambda module: module.__name__)
def test_each_signal_is_found_with_its_comment(module: ModuleType) -> None:
    groups = list(signals.found(module))

    assert {name for names, _ in groups for name in names} == {
        name for name, value in vars(module).items() if isinstance(value, Signal)
    }
    assert all(comment for _, comment in groups)


def test_each_service_of_the_lms_is_told() -> None:
    text, install = ports.of_exams(), (PROJECT / "docs/install.rst").read_text(encoding="utf-8")

    assert not [name for name in SERVICE_NAMES if f"``{name}``\n" not in text or f"* - ``{name}``\n" not in install]


def test_each_port_and_type_says_what_it_is() -> None:
    for text in (ports.of_exams(), ports.of_identity(), ports.types_of_exams(), ports.types_of_identity()):
        assert "\n   –\n" not in text
        assert "\n      –\n" not in text


@pytest.mark.parametrize("app", operating.APPS)
def test_each_command_and_permission_is_told(app: str) -> None:
    commands, permissions = operating.commands(), operating.permissions()

    assert not [name for name, _ in operating.commands_of(app) if f"``{name}``\n" not in commands]
    for model in apps.get_app_config(app).get_models():
        assert not [code for code, _ in model._meta.permissions if f"``{app}.{code}``" not in permissions]


def test_each_task_says_what_it_does() -> None:
    table, operations = operating.schedules(), (PROJECT / "docs/operations.rst").read_text(encoding="utf-8")

    for conf, _ in operating.TASKS:
        for schedule in conf.SCHEDULES:
            assert f"``{schedule.task}``" in table
            # Where it is told what happens without it.
            assert f"* - ``{schedule.task}``" in operations


def test_metrics_are_told_by_the_names_they_have() -> None:
    table = operating.all_metrics()

    assert "``proctoring_outbox_deliveries_total``\n     - counter\n     - ``app``, ``kind``, ``outcome``" in table
    assert "``proctoring_level``\n     - gauge\n     - ``app``, ``section``, ``row``" in table


def test_words_are_no_markup_by_accident() -> None:
    assert prose("A str | None of attempt_id, *args (contract x.md §1).") == r"A str \| None of ``attempt_id``, \*args."
    assert prose("See ``a_b`` or `c`.") == "See ``a_b`` or ``c``."


def test_each_move_of_those_who_are_drawn_is_in_the_picture() -> None:
    picture = diagrams.drawn(PHOTO_MACHINE, {Actor.LEARNER: "solid", Actor.PROVIDER: "dashed"})

    assert '"created" -> "ready" [style=solid]' in picture
    assert '"submitted" -> "denied" [style=dashed]' in picture
    assert '"must_retry" -> "submitted"' not in picture


def test_each_option_of_a_vendor_says_what_it_does() -> None:
    assert EFFECTS.keys() == KINDS.keys()
