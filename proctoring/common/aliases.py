"""
A package of ours under another package's name, for code that imports it by that name. No Django.

A second name is the same module, not a copy of it: classes are identical, and what is written into one is in the other.
A real package of the name goes first, unless ``take_over`` is called.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from types import ModuleType

VERSION = "__version__"


class Aliases(MetaPathFinder, Loader):
    """
    ``root``, such as ``edx_proctoring``, and all below it, made of the modules of ``package``.

    A module below ``root`` is the one of the same name below ``package``, unless ``elsewhere`` names another one: name
    below ``root`` -> full name. ``root`` itself is a package of its own, so that ``root.services`` may be something
    other than ``package.services``; the packages above ``root`` are made where there are none.
    """

    def __init__(self, root: str, package: str, elsewhere: Mapping[str, str]) -> None:
        self.root = root
        self.package = package
        self.elsewhere = elsewhere
        parts = root.split(".")
        self._made = frozenset(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        self._answered: set[str] = set()
        # Whether a real package of the name would not be found.
        self.has_taken_over = False

    def install(self) -> None:
        """Answer for what nobody else knows; a second time changes nothing."""
        if self not in sys.meta_path:
            sys.meta_path.append(self)

    def take_over(self) -> None:
        """
        Answer before everybody else, also where there is a real package of the name.

        Raises ``RuntimeError`` where some of that package has been imported already.
        """
        loaded = [name for name in sys.modules if self._is_below(name) or name == self.root]
        if not self._answered.issuperset(loaded):
            raise RuntimeError(f"{self.root} has been imported already: {', '.join(sorted(loaded))}")
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        sys.meta_path.insert(0, self)
        self.has_taken_over = True

    def real_package(self) -> str | None:
        """Where there is a real package of the name; None where there is none. An empty folder is none."""
        found = self._elsewhere_found(self.root)
        return found.origin if found is not None else None

    # The import system

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._made:
            ours = fullname == self.root or self._elsewhere_found(fullname) is None
            return self._spec(fullname, is_package=True) if ours else None
        if not self._is_below(fullname) or not self._belongs_to_ours(fullname) or not self._exists(fullname):
            return None
        return self._spec(fullname)

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        if name in self._made:
            if name == self.root:
                vars(module)[VERSION] = getattr(import_module(self.package), VERSION, "")
            return
        # The import system takes what is there now, and forgets the module that it made.
        sys.modules[name] = import_module(self.target(name))

    def target(self, name: str) -> str:
        """The full name of our module that ``name``, which is below ``root``, is."""
        below = name.removeprefix(f"{self.root}.")
        return self.elsewhere.get(below, f"{self.package}.{below}")

    def _spec(self, name: str, *, is_package: bool = False) -> ModuleSpec | None:
        self._answered.add(name)
        return spec_from_loader(name, self, is_package=is_package)

    def _is_below(self, name: str) -> bool:
        return name.startswith(f"{self.root}.")

    def _belongs_to_ours(self, name: str) -> bool:
        """Not so for a module that a real package of the name lacks: half a package of each would be neither."""
        parent = name.rpartition(".")[0]
        return parent in self._answered or getattr(sys.modules.get(parent), "__file__", None) is None

    def _exists(self, name: str) -> bool:
        try:
            return find_spec(self.target(name)) is not None
        except ModuleNotFoundError:
            return False

    def _elsewhere_found(self, name: str) -> ModuleSpec | None:
        """What the other finders say of ``name``."""
        parent, _, _ = name.rpartition(".")
        path: Sequence[str] | None = None
        if parent:
            above = self._elsewhere_found(parent)
            if above is None or above.submodule_search_locations is None:
                return None
            path = list(above.submodule_search_locations)
        for finder in sys.meta_path:
            if finder is self or isinstance(finder, Aliases):
                continue
            found = finder.find_spec(name, path)
            if found is not None:
                return found
        return None
