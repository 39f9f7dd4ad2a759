"""Values as the wire carries them: a description in JSON, and raw little-endian numbers.

A value is described by a short list, its numbers lie in the payload in the same order:
["f"] a float; ["i", 7] an int; ["a", dtype, shape] an array; ["g", dtype] a NumPy scalar;
["F", n] a list of n floats; ["t", parts] a tuple; ["l", parts] a list; ["d", [[key, part], …]] a
dict; ["n"] None; ["b", true] a bool.  Anything else is refused and named by its type, and what does
not fit its numbers exactly is a WireError.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from .text import type_name
from .wire import WireError

Spec: TypeAlias = "list[Any]"

DEPTH_CAP = 6
PARTS_CAP = 4096
RANK_CAP = 8
_KINDS: tuple[str, ...] = ("int8", "int16", "int32", "int64")
_KINDS += ("uint8", "uint16", "uint32", "uint64")
_KINDS += ("bool", "float16", "float32", "float64", "complex64", "complex128")
DTYPES = frozenset(_KINDS)
_DOUBLE = struct.Struct("<d")
_LITTLE = {name: np.dtype(name).newbyteorder("<") for name in DTYPES}
_NAMES = {np.dtype(name): name for name in DTYPES}
_SCALARS = {np.dtype(name).type: name for name in DTYPES}


class UnsendableError(Exception):
    """A returned value that the wire does not carry; the text names its type."""


def encode(value: object, payload: list[bytes], depth: int = DEPTH_CAP) -> Spec:
    """The description of a value; its numbers are appended to `payload`.

    Numbers and arrays of exact types only: a subclass (a matrix, a masked array, a lying float) is
    named by its type.  A subclass of tuple, list or dict, such as a named tuple, goes as what it
    holds, whatever its methods say; a longdouble goes as float64.  Raises UnsendableError for
    everything else.
    """
    kind = type(value)
    if kind is np.longdouble:
        value = _double(np.asarray(value))[()]
        kind = type(value)
    if kind is float:
        payload.append(_DOUBLE.pack(value))
        return ["f"]
    if kind is np.ndarray:
        return _encode_array(value, payload)  # type: ignore[arg-type]  # its type was just tested
    if kind in _SCALARS:
        payload.append(np.asarray(value).astype(_LITTLE[_SCALARS[kind]]).tobytes())
        return ["g", _SCALARS[kind]]
    if value is None:
        return ["n"]
    if kind is bool:
        return ["b", value]
    if kind is int:
        if abs(value) >= 1 << 64:  # type: ignore[arg-type]
            raise UnsendableError("an int of more than 64 bits")
        return ["i", value]
    return _encode_container(value, payload, depth)


def _double(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Longer floats rounded to float64: they have all the digits that are asked for."""
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def _encode_array(array: np.ndarray[Any, Any], payload: list[bytes]) -> Spec:
    if array.dtype == np.longdouble:
        array = _double(array)
    name = _NAMES.get(array.dtype) or array.dtype.name
    if name not in DTYPES:
        raise UnsendableError(f"an array of dtype {str(array.dtype)[:60]}")
    if array.ndim > RANK_CAP:
        raise UnsendableError(f"an array of {array.ndim} axes")
    payload.append(array.astype(_LITTLE[name], copy=False).tobytes())
    return ["a", name, list(array.shape)]


def _encode_container(value: object, payload: list[bytes], depth: int) -> Spec:
    if not isinstance(value, (tuple, list, dict)):
        raise UnsendableError(f"a value of type {type_name(value)}")
    if depth == 0:
        raise UnsendableError(f"containers nested more than {DEPTH_CAP} deep")
    if isinstance(value, dict):
        pairs = []
        for key, part in itertools.islice(dict.items(value), PARTS_CAP + 1):
            if type(key) is not str:
                raise UnsendableError(f"a dict with a key of type {type_name(key)}")
            pairs.append([key[:200], encode(part, payload, depth - 1)])
        spec: Spec = ["d", pairs]
    else:
        is_list = isinstance(value, list)
        held = list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value)
        entries = list(held)
        if is_list and len(entries) > 1 and all(type(entry) is float for entry in entries):
            payload.append(struct.pack(f"<{len(entries)}d", *entries))
            return ["F", len(entries)]
        if len(entries) > PARTS_CAP:
            raise UnsendableError(
                f"a {type_name(value)} of {len(entries)} entries that are no floats"
            )
        parts = [encode(part, payload, depth - 1) for part in entries]
        spec = ["l" if is_list else "t", parts]
    if len(spec[1]) > PARTS_CAP:
        raise UnsendableError(f"a {type_name(value)} of more than {PARTS_CAP} entries")
    return spec


class Decoder:
    """Takes values out of one payload, in order; every number of it must be used."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    def take(self, spec: object, depth: int = DEPTH_CAP) -> Any:
        """The value that `spec` describes, as fresh arrays; WireError where it does not fit."""
        if type(spec) is not list or not spec or type(spec[0]) is not str:
            raise WireError("a description of a value that is none")
        reader = _READERS.get(spec[0])
        if reader is None:
            raise WireError("a description of an unknown kind")
        if depth < 0:
            raise WireError("values nested too deep")
        try:
            return reader(self, spec, depth)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise WireError("a description of a value that does not fit its numbers") from error

    def finish(self) -> None:
        """WireError unless the whole payload was used."""
        if self._at != len(self._payload):
            raise WireError("a payload longer than its description")

    def _bytes(self, size: int) -> int:
        start = self._at
        if size < 0 or start + size > len(self._payload):
            raise WireError("a payload shorter than its description")
        self._at = start + size
        return start

    def _float(self, spec: Spec, depth: int) -> float:
        (value,) = _DOUBLE.unpack_from(self._payload, self._bytes(8))
        return float(value)

    def _floats(self, spec: Spec, depth: int) -> list[float]:
        count = _size(spec[1])
        start = self._bytes(8 * count)
        return list(struct.unpack_from(f"<{count}d", self._payload, start))

    def _array(self, spec: Spec, depth: int) -> np.ndarray[Any, Any]:
        _, name, shape = spec
        if type(name) is not str or type(shape) is not list or len(shape) > RANK_CAP:
            raise WireError("an array without a dtype or a shape")
        if name not in DTYPES:
            raise WireError("an array of a dtype that the wire does not carry")
        dtype = _LITTLE[name]
        count = 1
        for length in shape:
            count *= _size(length)
        start = self._bytes(count * dtype.itemsize)
        flat = np.frombuffer(self._payload, dtype, count, start) if count else np.empty(0, dtype)
        return flat.reshape(shape).astype(np.dtype(name))

    def _scalar(self, spec: Spec, depth: int) -> np.generic:
        _, name = spec
        value: np.generic[Any] = self._array(["a", name, []], depth)[()]  # type: ignore[assignment]
        return value

    def _parts(self, spec: Spec, depth: int) -> list[Any]:
        _, parts = spec
        if type(parts) is not list or len(parts) > PARTS_CAP:
            raise WireError("a container without a list of parts")
        return [self.take(part, depth - 1) for part in parts]

    def _tuple(self, spec: Spec, depth: int) -> tuple[Any, ...]:
        return tuple(self._parts(spec, depth))

    def _dict(self, spec: Spec, depth: int) -> dict[str, Any]:
        _, pairs = spec
        if type(pairs) is not list or len(pairs) > PARTS_CAP:
            raise WireError("a dict without its pairs")
        found = {}
        for key, part in pairs:
            if type(key) is not str:
                raise WireError("a dict with a key that is no text")
            found[key] = self.take(part, depth - 1)
        return found

    def _int(self, spec: Spec, depth: int) -> int:
        _, value = spec
        if type(value) is not int or abs(value) >= 1 << 64:
            raise WireError("an int that is none")
        return value

    def _bool(self, spec: Spec, depth: int) -> bool:
        _, value = spec
        if type(value) is not bool:
            raise WireError("a bool that is none")
        return value

    def _none(self, spec: Spec, depth: int) -> None:
        return None


_READERS: dict[str, Callable[[Decoder, Spec, int], Any]] = {
    "f": Decoder._float,
    "F": Decoder._floats,
    "a": Decoder._array,
    "g": Decoder._scalar,
    "t": Decoder._tuple,
    "l": Decoder._parts,
    "d": Decoder._dict,
    "i": Decoder._int,
    "b": Decoder._bool,
    "n": Decoder._none,
}


def _size(value: object) -> int:
    if type(value) is not int or value < 0:
        raise WireError("a length that is none")
    return value
