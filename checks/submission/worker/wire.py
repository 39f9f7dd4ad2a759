"""The wire between the grading process and a worker: frames of numbers, never pickles.

A frame is a prefix (magic, sequence number, header length, payload length), a JSON header in
UTF-8 and a payload of raw little-endian numbers that the header describes (see `values`).  Both
lengths are held against caps before a byte of them is read.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

MAGIC = b"GPF1"
PREFIX = struct.Struct("!4sIIQ")
HEADER_CAP = 4 << 20
_TO_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_FROM_JSON = json.JSONDecoder().decode


class WireError(Exception):
    """A frame that does not follow the wire's rules, or a value that it cannot carry."""


class OversizedError(WireError):
    """A payload larger than the cap: `size` bytes were announced, `cap` are taken."""

    def __init__(self, size: int, cap: int) -> None:
        super().__init__(f"an answer of {size} bytes, the cap is {cap}")
        self.size = size
        self.cap = cap


def read_header(text: bytes) -> dict[str, Any]:
    """The header of a frame; WireError where it is no JSON object."""
    try:
        header = _FROM_JSON(text.decode())
    except (ValueError, RecursionError) as error:
        raise WireError("a header that is no JSON") from error
    if type(header) is not dict:
        raise WireError("a header that is no JSON object")
    return header


def framed(sequence: int, header: object, payload: list[bytes]) -> bytes:
    """One whole frame; WireError where its header is longer than HEADER_CAP."""
    text = _TO_JSON(header).encode()
    if len(text) > HEADER_CAP:
        raise WireError(f"a header of {len(text)} bytes, the cap is {HEADER_CAP}")
    size = sum(map(len, payload))
    return b"".join((PREFIX.pack(MAGIC, sequence, len(text), size), text, *payload))


def read_prefix(data: bytes, payload_cap: int) -> tuple[int, int, int]:
    """(sequence, header length, payload length) of a prefix.

    Raises WireError for what is no prefix or announces too long a header, OversizedError for too
    long a payload.
    """
    magic, sequence, header_bytes, payload_bytes = PREFIX.unpack(data)
    if magic != MAGIC:
        raise WireError("a frame that does not begin as frames do")
    if header_bytes > HEADER_CAP:
        raise WireError(f"a header of {header_bytes} bytes, the cap is {HEADER_CAP}")
    if payload_bytes > payload_cap:
        raise OversizedError(payload_bytes, payload_cap)
    return sequence, header_bytes, payload_bytes


class Reader:
    """Cuts whole frames out of a stream, with one read where a frame is small.

    `receive_into(view)` blocks for at least one byte and returns how many came, 0 at the end.
    """

    def __init__(self, receive_into: Callable[[memoryview], int]) -> None:
        self._receive_into = receive_into
        self._buffer = bytearray(1 << 16)
        self._filled = 0
        self._text: bytes | None = None
        self._header: dict[str, Any] = {}

    def frame(self, payload_cap: int) -> tuple[int, dict[str, Any], bytes]:
        """(sequence, header, payload) of the next frame; EOFError where the stream ends."""
        while self._filled < PREFIX.size:
            self._filled += self._more(memoryview(self._buffer)[self._filled :])
        sequence, header_bytes, payload_bytes = read_prefix(
            bytes(self._buffer[: PREFIX.size]), payload_cap
        )
        size = PREFIX.size + header_bytes + payload_bytes
        if size <= self._filled:
            whole = bytes(self._buffer[:size])
            self._buffer[: self._filled - size] = self._buffer[size : self._filled]
            self._filled -= size
        else:
            whole = self._long(size)
        text = whole[PREFIX.size : PREFIX.size + header_bytes]
        if text != self._text:  # calls of one kind differ in their numbers only
            self._header = read_header(text)
            self._text = text
        header = self._header
        return sequence, header, whole[PREFIX.size + header_bytes :]

    def _long(self, size: int) -> bytes:
        """The rest of a frame that one read did not bring."""
        data = bytearray(size)
        data[: self._filled] = self._buffer[: self._filled]
        at, self._filled = self._filled, 0
        view = memoryview(data)
        while at < size:
            at += self._more(view[at:])
        return bytes(data)

    def _more(self, view: memoryview) -> int:
        got = self._receive_into(view)
        if got == 0:
            raise EOFError
        return got
