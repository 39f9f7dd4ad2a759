"""The wire carries exact numbers both ways, and a frame that is not right yields no value."""

from __future__ import annotations

import json
import math
import secrets
import time
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from checks.submission.answers import read_answers
from checks.submission.limits import Limits
from checks.submission.worker import wire
from checks.submission.worker.values import RANK_CAP, Decoder, UnsendableError, encode
from checks.submission.worker.wire import WireError

Pair = namedtuple("Pair", ["dw", "db"])  # the untyped form is what students write

CARRIED: dict[str, Any] = {
    "float": 0.1,
    "infinity": -math.inf,
    "int": -7,
    "bool": True,
    "none": None,
    "list of floats": [0.1, 0.2],
    "empty list": [],
    "empty tuple": (),
    "nested": {"dw": [1.0, (2, None)], "db": {"b": 3.0}},
    "named tuple": Pair(1.0, 2.0),
}
ARRAYS = {
    "scalar": np.float64(0.1),
    "float32": np.float32(0.1),
    "zero-dimensional": np.array(2.5),
    "empty": np.empty((0, 3)),
    "columns first": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": np.arange(10.0)[::-3],
    "big-endian": np.arange(3, dtype=">f8"),
    "integers": np.arange(4, dtype=np.int32),
    "complex": np.array([1j, np.nan]),
    "booleans": np.array([True, False]),
}


class LyingFloat(float):
    """Equal to everything: exactly what must not cross."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LyingDict(dict[str, float]):
    """Shows other things than it holds, as a dict with its own idea of items may."""

    def items(self) -> Any:
        return [("dw", 2.0)]


UNSENDABLE = {
    "text": ("0.1", "a value of type str"),
    "lying float": (LyingFloat(1.0), "a value of type LyingFloat"),
    "matrix": (np.ma.masked_array([1.0]), "a value of type MaskedArray"),
    "objects": (np.array([None]), "an array of dtype object"),
    "texts": (np.array(["a"]), "an array of dtype <U1"),
    "set": ({1.0}, "a value of type set"),
    "function": (math.sin, "a value of type builtin_function_or_method"),
    "complex": (1j, "a value of type complex"),
    "huge int": (1 << 64, "an int of more than 64 bits"),
    "keys that are no text": ({1: 2.0}, "a dict with a key of type int"),
    "deep": ([[[[[[[[0.1]]]]]]]], "containers nested more than 6 deep"),
    "many": ((0,) * 5000, "a tuple of 5000 entries that are no floats"),
}


def _there_and_back(value: object) -> Any:
    payload: list[bytes] = []
    spec = json.loads(json.dumps(encode(value, payload)))
    decoder = Decoder(b"".join(payload))
    result = decoder.take(spec)
    decoder.finish()
    return result


@pytest.mark.parametrize("value", CARRIED.values(), ids=CARRIED)
def test_plain_values_come_back_equal_and_of_the_same_type(value: Any) -> None:
    result = _there_and_back(value)
    assert value == result
    assert type(result) is (tuple if isinstance(value, tuple) else type(value))


@pytest.mark.parametrize("value", [np.longdouble("0.1"), np.ones(3, np.longdouble) / 3], ids=str)
def test_longer_floats_go_as_the_nearest_float64(value: Any) -> None:
    result = _there_and_back(value)
    assert result.dtype == np.float64
    assert np.array_equal(result, np.asarray(value).astype(np.float64))


def test_a_longer_float_beyond_float64_goes_as_infinity() -> None:
    with np.errstate(over="ignore"):  # where a longdouble is no longer than a float64
        beyond = np.longdouble(np.finfo(np.float64).max) * 2
    assert _there_and_back(beyond) == np.inf


def test_a_dict_of_ones_own_goes_as_what_it_holds() -> None:
    result = _there_and_back(LyingDict(dw=1.0))
    assert type(result) is dict
    assert result == {"dw": 1.0}


@pytest.mark.parametrize("value", ARRAYS.values(), ids=ARRAYS)
def test_arrays_come_back_with_dtype_shape_and_every_bit(value: Any) -> None:
    result = _there_and_back(value)
    assert result.dtype.name == value.dtype.name
    assert result.shape == value.shape
    assert np.ascontiguousarray(value).astype(result.dtype).tobytes() == result.tobytes()
    assert type(result) is type(value)


@pytest.mark.parametrize(("value", "named"), UNSENDABLE.values(), ids=UNSENDABLE)
def test_anything_else_is_named_by_its_type(value: Any, named: str) -> None:
    with pytest.raises(UnsendableError) as refusal:
        encode(value, [])
    assert named == str(refusal.value)


def test_an_announced_length_past_the_cap_is_refused_before_it_is_read() -> None:
    prefix = wire.PREFIX.pack(wire.MAGIC, 1, 2, 1 << 50)
    with pytest.raises(wire.OversizedError, match="an answer of 1125899906842624 bytes"):
        wire.read_prefix(prefix, 1 << 20)
    with pytest.raises(WireError, match="a header of"):
        wire.read_prefix(wire.PREFIX.pack(wire.MAGIC, 1, wire.HEADER_CAP + 1, 0), 1 << 20)


FORGED: dict[str, tuple[Any, bytes]] = {
    "short payload": (["a", "float64", [3]], bytes(16)),
    "long payload": (["f"], bytes(16)),
    "negative shape": (["a", "float64", [-1]], bytes(8)),
    "huge shape": (["a", "float64", [1 << 60, 1 << 60]], bytes(8)),
    "more axes than are carried": (["a", "float64", [1] * (RANK_CAP + 1)], bytes(8)),
    "shape of floats": (["a", "float64", [1.0]], bytes(8)),
    "objects": (["a", "object", [1]], bytes(8)),
    "unknown kind": (["pickle"], b""),
    "no kind": ([], b""),
    "no list": ("f", b""),
    "count of floats": (["F", True], bytes(8)),
    "endless nesting": (
        ["t", [["t", [["t", [["t", [["t", [["t", [["t", [["t", []]]]]]]]]]]]]]]],
        b"",
    ),
    "a pair that is none": (["d", [["dw"]]], b""),
    "key that is no text": (["d", [[1, ["f"]]]], bytes(8)),
    "int that is a float": (["i", 1.5], b""),
    "parts that are none": (["t", 5], b""),
}


@pytest.mark.parametrize(("spec", "payload"), FORGED.values(), ids=FORGED)
def test_a_forged_value_is_refused(spec: Any, payload: bytes) -> None:
    with pytest.raises(WireError):
        _answered({"answers": [{"value": spec}]}, payload)


FORGED_ANSWERS: dict[str, Any] = {
    "none": {"answers": []},
    "too many": {"answers": [{"value": ["n"]}] * 3},
    "no list": {"answers": {"value": ["n"]}},
    "further keys": {"answers": [{"value": ["n"], "verdict": "passed"}]},
    "more beside": {"answers": [{"value": ["n"]}], "verdict": "passed"},
    "two outcomes": {"answers": [{"value": ["n"], "raised": "no"}]},
    "no outcome": {"answers": [{"changed": []}]},
    "changed others": {"answers": [{"value": ["n"], "changed": ["seed"]}]},
    "endless warnings": {"answers": [{"value": ["n"], "warnings": ["w"] * 1000}]},
    "text that is none": {"answers": [{"raised": 5}]},
    "memory not asked for": {"answers": [{"value": ["n"], "peak_bytes": 5}]},
}


@pytest.mark.parametrize("header", FORGED_ANSWERS.values(), ids=FORGED_ANSWERS)
def test_a_forged_frame_is_refused(header: Any) -> None:
    with pytest.raises(WireError):
        _answered(header, b"")


def test_the_right_frame_is_read() -> None:
    value = np.arange(3.0)
    (answer,) = _answered({"answers": [{"value": ["a", "float64", [3]]}]}, value.tobytes())
    assert np.array_equal(value, answer.value)


def _answered(header: Any, payload: bytes) -> Any:
    return read_answers(header, payload, "loss", {"X", "w"}, Limits(), most=2, trace=False)


def _random_frame(generator: np.random.Generator) -> bytes:
    """A frame near the right one: bytes flipped, cut, repeated, lengths and kinds replaced."""
    pieces: list[Any] = ["value", "answers", ["f"], ["a", "float64", [2]], ["t", [["f"], ["n"]]]]
    pieces += [["a", "float64", [-1]], -1, 1 << 70, 0.5, None, "float32", {}, [], "d", ["F", 9]]
    spec: Any = pieces[generator.integers(2, 5)]
    for _ in range(generator.integers(0, 3)):
        spec = [
            pieces[i] if generator.random() < 0.5 else spec
            for i in generator.integers(0, len(pieces), generator.integers(0, 4))
        ]
    header = json.dumps({"answers": [{"value": spec}]}).encode()
    payload = generator.bytes(int(generator.choice([0, 8, 16, 24])))
    lengths = [len(header), len(payload)]
    if generator.random() < 0.3:
        lengths[generator.integers(2)] = int(generator.choice([0, 1, 7, 1 << 20, 1 << 31]))
    frame = bytearray(wire.PREFIX.pack(wire.MAGIC, 5, *lengths) + header + payload)
    for at in generator.integers(0, len(frame), generator.integers(0, 4)):
        frame[at] = generator.integers(256)
    return bytes(frame[: generator.integers(len(frame) + 1)] if generator.random() < 0.2 else frame)


def _read_frame(frame: bytes) -> object:
    """What the grading side makes of a frame: a value, or WireError."""
    if len(frame) < wire.PREFIX.size:
        raise WireError("cut")
    sequence, header_bytes, payload_bytes = wire.read_prefix(frame[: wire.PREFIX.size], 1 << 20)
    rest = frame[wire.PREFIX.size :]
    if sequence != 5 or len(rest) < header_bytes + payload_bytes:
        raise WireError("out of turn, or cut")
    header = wire.read_header(rest[:header_bytes])
    payload = rest[header_bytes : header_bytes + payload_bytes]
    return _answered(header, payload)


def _fuzz(count: int, seed: int) -> tuple[int, int]:
    """(accepted, refused) of random frames; anything but WireError is an error of ours."""
    accepted = refused = 0
    for number in range(count):
        frame = _random_frame(np.random.default_rng([seed, number]))
        try:
            answers = _read_frame(frame)
        except WireError:
            refused += 1
        except BaseException as error:
            pytest.fail(f"{error!r} for frame {number} of seed {seed}: {frame!r}")
        else:
            accepted += 1
            assert isinstance(answers, list)
    return accepted, refused


def test_random_frames_are_refused_or_read_and_never_crash() -> None:
    accepted, refused = _fuzz(5000, seed=20)
    assert refused > accepted > 0


@pytest.mark.exhaustive
def test_a_hundred_thousand_random_frames() -> None:
    seed = secrets.randbits(32)
    started = time.monotonic()
    accepted, refused = _fuzz(100_000, seed)
    assert accepted + refused == 100_000
    assert time.monotonic() - started < 600, "the grading side hung"
