"""Our dataclasses behave as those of the standard library, whatever is asked of them."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import records


def same(decorate: Any) -> tuple[Any, Any, Any, Any]:
    """Make the same classes by either decorator."""

    @decorate(frozen=True, slots=True)
    class Nothing:
        pass

    @decorate(frozen=True, slots=True)
    class One:
        value: object

    @decorate(frozen=True, slots=True)
    class Some(One):
        name: str = field(default="", repr=False)
        note: object = field(default=None, compare=False)

    @decorate(slots=True)
    class Loose:
        value: object
        among: list[object] = field(default_factory=list)

    return Nothing, One, Some, Loose


OURS, THEIRS = same(records.dataclass), same(dataclasses.dataclass)

values = st.sampled_from([0, 1, 1.0, "", "a", nan, (), (1,)])
arguments = st.tuples(
    st.sampled_from([(0, 0), (1, 1), (2, 3), (3, 2)]), st.lists(values, min_size=3, max_size=3)
).map(lambda drawn: (drawn[0][0], drawn[1][: drawn[0][1]]))


def make(classes: tuple[Any, ...], which: tuple[int, list[object]]) -> Any:
    return classes[which[0]](*which[1])


def hashed(instance: object) -> bool:
    try:
        return hash(instance) == hash(copy.copy(instance))
    except TypeError:
        return False


@given(arguments, arguments)
def test_equality_hashes_and_texts(
    one: tuple[int, list[object]], other: tuple[int, list[object]]
) -> None:
    ours, theirs = make(OURS, one), make(THEIRS, one)
    assert (ours == make(OURS, other)) == (theirs == make(THEIRS, other))
    assert (ours == 5, ours != 5) == (False, True)
    assert hashed(ours) == hashed(theirs)
    assert repr(ours) == repr(theirs)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert ours.__match_args__ == theirs.__match_args__


def test_what_is_frozen_stays_as_it_is() -> None:
    instance = OURS[2](1, "a")
    with pytest.raises(FrozenInstanceError, match="name"):
        instance.name = "b"
    with pytest.raises(FrozenInstanceError, match="name"):
        del instance.name
    assert dataclasses.replace(instance, name="b") == OURS[2](1, "b")
    loose = OURS[3](1)
    loose.value = 2
    assert loose == OURS[3](2)


def test_one_that_holds_itself_can_be_told() -> None:
    loose = OURS[3](1)
    loose.among.append(loose)
    assert repr(loose).endswith("Loose(value=1, among=[...])")


@records.dataclass(frozen=True, slots=True)
class Kept:
    value: object

    def __repr__(self) -> str:
        return "its own"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept)

    __hash__ = None  # type: ignore[assignment]


def test_what_a_class_has_itself_it_keeps() -> None:
    assert (repr(Kept(1)), Kept(1) == Kept(2), hashed(Kept(1))) == ("its own", True, False)


def test_instances_can_be_copied_and_pickled() -> None:
    original = Kept([1])
    for other in (copy.deepcopy(original), pickle.loads(pickle.dumps(original))):
        assert (other.value, other.value is original.value) == ([1], False)
