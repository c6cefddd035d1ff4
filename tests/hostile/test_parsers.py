"""What reads bytes from outside: read or refused, and never anything else. ``make fuzz`` lets atheris look for more."""

import pytest

from tests.hostile import values
from tests.hostile.counting import family
from tests.hostile.parsers import PARSERS, parse


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_parsers(name: str) -> None:
    work, sound = PARSERS[name]
    tally, chances = family(name, 200)
    for given in sound:
        parse(tally, work, given)
    for rng in chances:
        given = rng.choice(sound)
        for _ in range(rng.randrange(1, 4)):
            given = values.damaged(rng, given)
        parse(tally, work, given)
    tally.settle()
