"""
The rules of the house that no off-the-shelf tool knows.

Each rule is a module with ``violations(tree_root) -> list[Violation]``, which reads the source below ``tree_root`` and
imports nothing of it; ``source`` and ``scopes`` are what they share.
"""
