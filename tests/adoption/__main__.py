"""
``python -m tests.adoption build|visit``: an existing site's database, which ``DATABASE_URL`` names.

``build`` makes it as the older apps left it, ``visit`` goes through all that reads the rows once they are adopted. Both
print the published columns of every row, as they are first. Each is a process of its own, as on a site that moves.
"""

import json
import sys
from importlib import import_module

import django

django.setup()
ROOMS = {"build": "tests.adoption.building", "visit": "tests.adoption.visiting"}
print(json.dumps(getattr(import_module(ROOMS[sys.argv[1]]), sys.argv[1])(), default=str))
