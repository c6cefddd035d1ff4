from enum import StrEnum

import pytest

from proctoring.common.state_machine import IllegalMove, Move, StateMachine, moves


class Light(StrEnum):
    red = "red"
    green = "green"
    broken = "broken"


class Who(StrEnum):
    CLOCK = "clock"
    CREW = "crew"


def lights(*rows):
    return StateMachine(Light, rows)


def test_moves_are_every_pair_of_different_states():
    made = set(moves({Light.red, Light.green}, {Light.green, Light.broken}, Who.CLOCK, Who.CREW))

    both = frozenset(Who)
    assert made == {
        Move(Light.red, Light.green, both),
        Move(Light.red, Light.broken, both),
        Move(Light.green, Light.broken, both),
    }


def test_targets_may_be_any_iterable():
    made = list(moves([Light.red, Light.green], iter([Light.broken]), Who.CLOCK))

    assert [move.source for move in made] == [Light.red, Light.green]


def test_only_the_listed_actor_may_make_a_listed_move():
    machine = lights(*moves([Light.red], [Light.green], Who.CLOCK))

    assert machine.allows(Light.red, Light.green, Who.CLOCK)
    assert not machine.allows(Light.red, Light.green, Who.CREW)
    assert not machine.allows(Light.green, Light.red, Who.CLOCK)
    assert machine.actors(Light.red, Light.green) == {Who.CLOCK}
    assert machine.actors(Light.green, Light.red) == frozenset()


def test_rows_for_the_same_pair_are_merged():
    machine = lights(
        *moves([Light.red], [Light.green], Who.CLOCK),
        *moves([Light.red], [Light.green], Who.CREW),
    )

    assert machine.actors(Light.red, Light.green) == {Who.CLOCK, Who.CREW}


def test_targets_are_those_of_the_actor():
    machine = lights(
        *moves([Light.red], [Light.green], Who.CLOCK),
        *moves([Light.red, Light.green], [Light.broken], Who.CREW),
    )

    assert machine.targets(Light.red, Who.CLOCK) == {Light.green}
    assert machine.targets(Light.red, Who.CREW) == {Light.broken}
    assert machine.targets(Light.broken, Who.CREW) == frozenset()


def test_check_passes_a_listed_move_and_refuses_others():
    machine = lights(*moves([Light.red], [Light.green], Who.CLOCK))

    machine.check(Light.red, Light.green, Who.CLOCK)
    with pytest.raises(IllegalMove) as caught:
        machine.check(Light.green, Light.red, Who.CREW)

    refused = caught.value
    assert isinstance(refused, ValueError)
    assert (refused.source, refused.target, refused.actor) == (Light.green, Light.red, Who.CREW)
    assert str(refused) == "crew may not go from green to red"


@pytest.mark.parametrize("row", [("red", "amber"), ("amber", "red")])
def test_unknown_states_are_refused(row):
    with pytest.raises(ValueError, match="Unknown state: amber"):
        StateMachine(["red"], [Move(*row, frozenset({"clock"}))])


def test_a_move_that_nobody_may_make_is_refused():
    with pytest.raises(ValueError, match="Nobody may go from red to green"):
        lights(*moves([Light.red], [Light.green]))


def test_the_table_is_in_the_order_of_the_states_whatever_the_order_of_the_rows():
    rows = [
        *moves([Light.broken], [Light.red], Who.CREW),
        *moves([Light.red], [Light.green], Who.CREW, Who.CLOCK),
    ]

    assert (
        lights(*rows).as_rst()
        == lights(*reversed(rows)).as_rst()
        == (
            ".. list-table::\n"
            "   :header-rows: 1\n"
            "\n"
            "   * - Who\n"
            "     - From\n"
            "     - To\n"
            "   * - clock\n"
            "     - ``red``\n"
            "     - ``green``\n"
            "   * - crew\n"
            "     - ``red``\n"
            "     - ``green``\n"
            "   * - crew\n"
            "     - ``broken``\n"
            "     - ``red``\n"
        )
    )


def test_the_document_joins_states_that_lead_to_the_same_ones() -> None:
    everywhere = moves(Light, Light, Who.CREW)
    assert "   * - crew\n     - any\n     - any\n" in lights(*everywhere).as_rst()
