import sys
from copy import copy
from textwrap import dedent

import pytest

from proctoring.common.registry import PluginBroken, PluginNotFound, Registry

GROUP = "tests.animals"
MODULES = {
    "zoo_cats": "from collections import OrderedDict\nclass Cat(OrderedDict): pass\nclass Lion(Cat): pass\nnumber = 7",
    "zoo_fire": "raise RuntimeError('the zoo is on fire')",
    "zoo_other": "class Stone: pass",
}


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package with these entry points in front of all others."""

    def install_(package, entry_points, group=GROUP):
        root = tmp_path / package
        info = root / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{dedent(entry_points)}")
        monkeypatch.syspath_prepend(root)

    for name, source in MODULES.items():
        (tmp_path / f"{name}.py").write_text(source)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    yield install_
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def animals():
    return Registry(GROUP, dict)


def test_nothing_installed_is_no_names(animals):
    assert animals.names() == []


def test_names_are_those_of_the_group_sorted_and_nothing_is_imported(install, animals):
    install("felines", "lion = zoo_cats:Lion\ncat = zoo_cats:Cat\n")
    install("disaster", "fire = zoo_fire:Fire\n")
    install("plants", "rose = zoo_plants:Rose\n", group="tests.plants")

    assert animals.names() == ["cat", "fire", "lion"]
    assert "zoo_fire" not in sys.modules


def test_names_are_read_once(install, animals):
    assert animals.names() == []
    install("felines", "cat = zoo_cats:Cat\n")

    assert animals.names() == []


def test_a_class_is_found_by_its_name(install, animals):
    install("felines", "cat = zoo_cats:Cat\n")

    assert animals.load("cat").__qualname__ == "Cat"


def test_the_first_of_two_packages_wins(install, animals):
    install("felines", "cat = zoo_cats:Cat\n")
    install("bigger", "cat = zoo_cats:Lion\n")

    assert animals.load("cat").__qualname__ == "Lion"


def test_a_dotted_path_wins_over_the_entry_point(install, animals):
    install("felines", "cat = zoo_cats:Cat\n")

    assert animals.load("cat", "zoo_cats.Lion").__qualname__ == "Lion"
    assert animals.load("unheard-of", "zoo_cats.Lion").__qualname__ == "Lion"


def test_an_unknown_name_is_told_with_the_known_ones(install, animals):
    install("felines", "lion = zoo_cats:Lion\ncat = zoo_cats:Cat\n")

    with pytest.raises(PluginNotFound) as caught:
        animals.load("dog")

    assert isinstance(caught.value, LookupError)
    assert (caught.value.name, caught.value.known) == ("dog", ("cat", "lion"))
    assert str(caught.value) == "There is no plugin 'dog'. Installed: cat, lion."


def test_an_unknown_name_where_nothing_is_installed(animals):
    with pytest.raises(PluginNotFound, match="Installed: none"):
        animals.load("dog")


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("zoo_fire:Fire", RuntimeError),
        ("zoo_missing:Thing", ModuleNotFoundError),
        ("zoo_cats:Dog", AttributeError),
        ("zoo_cats:number", TypeError),
        ("zoo_other:Stone", TypeError),
    ],
)
def test_a_broken_plugin_says_why_and_hides_no_other(install, animals, target, cause):
    install("felines", f"cat = zoo_cats:Cat\nbroken = {target}\n")

    with pytest.raises(PluginBroken) as caught:
        animals.load("broken")

    assert isinstance(caught.value, LookupError)
    assert caught.value.name == "broken"
    assert isinstance(caught.value.cause, cause)
    assert caught.value.__cause__ is caught.value.cause
    assert cause.__name__ in str(caught.value)
    assert animals.load("cat").__qualname__ == "Cat"


@pytest.mark.parametrize("dotted", ["zoo_fire.Fire", "zoo_missing.Thing", "zoo_cats.Dog", "no-dot", "zoo_other.Stone"])
def test_a_broken_dotted_path_says_why(install, animals, dotted):
    with pytest.raises(PluginBroken, match="'cat' cannot be used"):
        animals.load("cat", dotted)


def test_the_errors_survive_being_copied():
    # As a worker does that hands an error back to whoever started it.
    missing = copy(PluginNotFound("dog", ["cat"]))
    broken = copy(PluginBroken("dog", TypeError("no")))

    assert str(missing) == "There is no plugin 'dog'. Installed: cat."
    assert str(broken) == "The plugin 'dog' cannot be used: TypeError: no"
