"""JSON-RPC framing, arguments, subscriptions, nested values, the console: pure parts."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components.moonraker_api import arguments, nested, rpc
from appliance.components.moonraker_api.gcode_store import GcodeStore, prompt, response
from appliance.components.moonraker_api.method import Argument, Kind
from appliance.components.moonraker_api.proc import (
    cpu_times,
    interfaces,
    memory,
    throttled,
)
from appliance.components.moonraker_api.subscriptions import changes, parse, select
from appliance.domain.printer import ConsoleLine, Direction
from appliance.domain.telemetry import Prompt
from appliance.errors import FileMissing, InvalidRequest


def failure(text: str) -> tuple[int, Any]:
    (item,) = rpc.decode(text).items
    assert isinstance(item, rpc.Failure)
    return item.code, item.id


@pytest.mark.parametrize(
    ("text", "code", "request_id"),
    [
        ("{", rpc.PARSE_ERROR, None),
        ("[]", rpc.INVALID_REQUEST, None),
        ("7", rpc.INVALID_REQUEST, None),
        ('{"jsonrpc": "1.0", "method": "a", "id": 3}', rpc.INVALID_REQUEST, 3),
        ('{"jsonrpc": "2.0", "method": 5, "id": 3}', rpc.INVALID_REQUEST, 3),
        ('{"jsonrpc": "2.0", "method": "a", "params": [1], "id": 3}', rpc.INVALID_PARAMS, 3),
    ],
)
def test_what_is_no_call(text: str, code: int, request_id: object) -> None:
    assert failure(text) == (code, request_id)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"jsonrpc": "2.0", "result": 1, "id": 1}', rpc.Answer(1, 1)),
        ('{"jsonrpc": "2.0", "id": 1}', rpc.Answer(1)),
        (
            '{"jsonrpc": "2.0", "error": {"code": 1, "message": "no"}, "id": "a"}',
            rpc.Answer("a", complaint="no"),
        ),
        ('{"jsonrpc": "2.0", "error": [], "id": 1}', rpc.Answer(1, complaint="it failed")),
    ],
)
def test_an_answer_to_us(text: str, answer: rpc.Answer) -> None:
    assert rpc.decode(text).items == (answer,)


def test_a_batch_keeps_its_order_and_a_notification_has_no_id() -> None:
    message = rpc.decode(
        '[{"jsonrpc": "2.0", "method": "a", "id": 1}, {"jsonrpc": "2.0", "method": "b"}]'
    )

    assert message.batch
    first, second = message.items
    assert isinstance(first, rpc.Request)
    assert isinstance(second, rpc.Request)
    assert (first.id, first.notification) == (1, False)
    assert second.notification


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(st.sampled_from(["jsonrpc", "method", "id", "params"]),
                                      inner, max_size=4)))  # fmt: skip
def test_any_json_is_understood_or_refused(data: Any) -> None:
    for item in rpc.decode(orjson.dumps(data)).items:
        assert isinstance(item, rpc.Request | rpc.Failure)


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    rpc.decode(text)


def test_a_notification_without_params_has_no_such_key() -> None:
    assert orjson.loads(rpc.notification("notify_klippy_ready")) == {
        "jsonrpc": "2.0",
        "method": "notify_klippy_ready",
    }


def test_queries_say_what_a_value_is() -> None:
    items = [("n:int", "5"), ("x:float", "1.5"), ("b:bool", "true"), ("j:json", "[1]")]

    assert arguments.query([*items, ("s", "a:b"), ("token", "secret")]) == {
        "n": 5,
        "x": 1.5,
        "b": True,
        "j": [1],
        "s": "a:b",
    }
    with pytest.raises(InvalidRequest):
        arguments.query([("n:int", "five")])


def test_objects_stand_raw_in_a_query() -> None:
    assert arguments.objects({"toolhead": "", "extruder": "target, power"}) == {
        "toolhead": None,
        "extruder": ["target", "power"],
    }


@pytest.mark.parametrize(
    ("kind", "value", "converted"),
    [
        (Kind.INTEGER, "5", 5),
        (Kind.NUMBER, "1.5", 1.5),
        (Kind.FLAG, "true", True),
        (Kind.FLAG, 0, False),
        (Kind.TEXT, 5, "5"),
    ],
)
def test_arguments_are_converted(kind: Kind, value: object, converted: object) -> None:
    assert Argument("x", kind).convert(value) == converted


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.INTEGER, "x"),
        (Kind.INTEGER, "9" * 300),
        (Kind.INTEGER, -(2**63)),
        (Kind.INTEGER, 1.5),
        (Kind.INTEGER, True),
        (Kind.NUMBER, "inf"),
        (Kind.FLAG, "perhaps"),
        (Kind.TEXT, ["a"]),
        (Kind.OBJECT, "a"),
    ],
)
def test_other_arguments_are_refused(kind: Kind, value: object) -> None:
    with pytest.raises(InvalidRequest):
        Argument("x", kind).convert(value)


def test_a_client_is_told_what_it_wants_and_only_what_changed() -> None:
    old = {"a": {"x": 1, "y": 2}, "b": {"z": 3}}
    new = {"a": {"x": 1, "y": 5}, "b": {"z": 4}, "c": {"w": 0}}

    assert changes(old, new, parse({"a": None, "b": ["other"], "c": []})) == {
        "a": {"y": 5},
        "c": {"w": 0},
    }
    assert select(new, parse({"a": ["x", "q"], "none": None})) == {
        "a": {"x": 1, "q": None},
        "none": {},
    }


_FIELDS = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2), max_size=3)
_STATUS = st.dictionaries(st.sampled_from("abc"), _FIELDS, max_size=3)


@given(st.lists(_STATUS, min_size=2, max_size=5))
def test_changes_added_up_are_the_state(states: list[dict[str, dict[str, int]]]) -> None:
    wish = parse(dict.fromkeys("abc"))
    seen: dict[str, dict[str, Any]] = {}
    before: dict[str, dict[str, int]] = {}
    for state in states:
        for name, fields in changes(before, state, wish).items():
            seen.setdefault(name, {}).update(fields)
        before = state
    for name, fields in states[-1].items():
        assert {key: seen[name][key] for key in fields} == fields


def test_values_are_reached_put_and_taken() -> None:
    value = nested.put({"a": {"b": 1}}, ("a", "c"), 2)

    assert value == {"a": {"b": 1, "c": 2}}
    assert nested.value_at(value, ("a", "c")) == 2
    assert nested.take(value, ("a", "b")) == ({"a": {"c": 2}}, 1)
    with pytest.raises(FileMissing):
        nested.value_at(value, ("a", "q"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ok", None),
        ("ok N5 P15 B3", None),
        ("echo:busy: processing", None),
        ("//action:prompt_show", None),
        ('echo:Unknown command: "FOO"', '!! Unknown command:"FOO"'),
        ("Error:Heating failed", "!! Heating failed"),
        ("echo:Home XYZ first", "// Home XYZ first"),
        ("Bed level: 0.2", "Bed level: 0.2"),
    ],
)
def test_lines_of_the_firmware_in_klippers_words(text: str, said: str | None) -> None:
    assert response(text) == said


def line(
    text: str, direction: Direction = Direction.RECEIVED, origin: str = ""
) -> ConsoleLine:
    return ConsoleLine(0, 100.0, direction, text, origin)


def test_what_nobody_asked_for_is_left_out() -> None:
    store = GcodeStore()
    report = "X:1.00 Y:2.00 Z:3.00 E:0.00 Count X:80 Y:160 Z:1200"

    assert store.take([line(report)]) == []
    store.command("M114", 100.0)
    assert store.take([line(report), line(report)]) == [report]


def test_a_translated_command_is_kept_as_it_was_given() -> None:
    store = GcodeStore()
    store.command("BED_MESH_CALIBRATE", 99.0)
    store.expect(["G29"])
    store.take([line("G29", Direction.SENT, "anna"), line("M84", Direction.SENT, "ben")])
    store.take([line("M105", Direction.SENT, "poll")])

    kept = [(each["type"], each["message"]) for each in store.entries(None)]
    assert kept == [("command", "BED_MESH_CALIBRATE"), ("command", "M84")]
    assert store.entries(1)[0]["message"] == "M84"


def test_a_question_becomes_a_dialogue() -> None:
    said = list(prompt(Prompt("Nozzle parked", ("Purge | more", "Continue"))))

    assert said[0].startswith("// action:prompt_begin")
    assert "// action:prompt_footer_button Continue|M876 S1" in said
    assert "// action:prompt_footer_button Purge   more|M876 S0" in said
    assert list(prompt(None)) == ["// action:prompt_end"]


def test_what_linux_says() -> None:
    assert cpu_times("cpu 10 0 10 70 10 0 0 0\ncpu0 1 0 1 8 0 0 0 0\nintr 5") == {
        "cpu": (20, 100),
        "cpu0": (2, 10),
    }
    assert memory("MemTotal: 100 kB\nMemFree: 10 kB\nMemAvailable: 40 kB")["used"] == 60
    dev = "h1\nh2\n eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
    assert interfaces(dev)["eth0"]["tx_bytes"] == 9
    assert throttled(0x50005)["flags"][0] == "Under-Voltage Detected"
