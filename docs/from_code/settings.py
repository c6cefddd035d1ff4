"""Settings: keys of both apps' dictionaries, what else their ``conf`` reads, and options of vendors' plugins."""

import ast
import inspect
from collections.abc import Iterator
from textwrap import dedent
from types import ModuleType
from typing import Any

from docs.from_code.text import literal, prose, table
from proctoring import conf as exam_conf
from proctoring.backends import OPTIONS
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.options import EFFECTS, KINDS
from proctoring.backends.rest import BaseRestProctoringProvider
from proctoring.backends.software_secure import SoftwareSecureBackendProvider
from proctoring.common.settings import Setting, SettingsSection
from verify_student import conf as identity_conf

FEATURES = "FEATURES"
ABSENT = object()
PLUGINS: dict[str, type] = {
    "every plugin": ProctoringBackendProvider,
    "REST": BaseRestProctoringProvider,
    "Software Secure": SoftwareSecureBackendProvider,
}


def of_exams() -> str:
    return keys_of(exam_conf.ProctoringConfig)


def of_identity() -> str:
    return keys_of(identity_conf.VerifyStudentConfig)


def others_of_exams() -> str:
    return _others(exam_conf, exam_conf.ProctoringConfig)


def others_of_identity() -> str:
    return _others(identity_conf, identity_conf.VerifyStudentConfig)


def options() -> str:
    """The options that reach a plugin, with their defaults where a plugin of ours has one."""
    rows = (
        (literal(name), prose(EFFECTS[name]), prose(KINDS[name][1]), ", ".join(_plugin_defaults(name)) or "–")
        for name in sorted(OPTIONS)
    )
    return table("25 35 20 20", ("Option", "Effect", "Has to be", "Default"), rows)


def default_of(setting: Setting[Any]) -> str:
    """A default that is worked out when it is read is told in words, those of its function."""
    made = setting.default
    if inspect.isfunction(made) and made.__doc__:
        return prose(made.__doc__)
    value = made() if callable(made) else made
    return '``""``' if value == "" else literal(repr(value))


def keys_of(section: type[SettingsSection]) -> str:
    rows = (
        (
            literal(setting.key),
            default_of(setting),
            literal(setting.fallback) if setting.fallback else "–",
            prose(setting.__doc__),
        )
        for setting in section.members().values()
    )
    return table("25 25 20 30", ("Key", "Default", "Falls back to", "Effect"), rows)


def _others(module: ModuleType, section: type[SettingsSection]) -> str:
    """A row for each property that reads something; what is read together is explained together."""
    found = ((member, dict(read_by(member, module))) for member in properties(section))
    rows = (
        (", ".join(map(literal, read)), ", ".join(dict.fromkeys(read.values())), prose(member.__doc__))
        for member, read in found
        if read
    )
    return table("35 25 40", ("Setting", "Default", "Effect"), rows)


def properties(section: type[SettingsSection]) -> list[property]:
    return [member for member in vars(section).values() if isinstance(member, property)]


def source_of(member: property) -> ast.Module:
    return ast.parse(dedent(inspect.getsource(member.fget)))  # type: ignore[arg-type]


def read_by(member: property, module: ModuleType) -> Iterator[tuple[str, str]]:
    """The site's settings that a property of a section reads, each with its default."""
    for node in ast.walk(source_of(member)):
        match node:
            case ast.Attribute(value=ast.Name(id="settings"), attr=name):
                yield name, "Django's"
            case ast.Call(
                func=ast.Name(id="getattr"), args=[ast.Name(id="settings"), ast.Constant(value=str(name)), *rest]
            ):
                if name != FEATURES:
                    yield name, _told(rest, module)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="features") | ast.Attribute(attr="features"), attr="get"),
                args=[ast.Constant(value=str(name)), *rest],
            ):
                yield f'{FEATURES}["{name}"]', _told(rest, module)
            # Several, looked up one after the other.
            case ast.Assign(targets=[ast.Name(id="names")], value=ast.Tuple(elts=names)):
                yield from ((name.value, "–") for name in names if isinstance(name, ast.Constant))


def _told(default: list[ast.expr], module: ModuleType) -> str:
    match default:
        case [ast.Constant(value=None)] | []:
            return "–"
        case [ast.Name(id=name)]:
            return literal(repr(getattr(module, name)))
        case [ast.Constant(value="")]:
            return '``""``'
    return literal(ast.unparse(default[0]))


def _plugin_defaults(name: str) -> Iterator[str]:
    usual = inspect.getattr_static(ProctoringBackendProvider, name, ABSENT)
    for who, plugin in PLUGINS.items():
        value = inspect.getattr_static(plugin, name, ABSENT)
        inherited = plugin is not ProctoringBackendProvider and value is usual
        if not (inherited or value is ABSENT or isinstance(value, property)):
            yield f"{literal(repr(value))} ({who})"
