"""The samples of a case: how many there are, some of them alone, and how a loss combines them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from reference.contract import Array, Case, Entry, Kind, Reduction


def combines_by_mean(entry: Entry) -> bool:
    """Whether the loss is a mean over the samples."""
    return entry.reduction is Reduction.MEAN and entry.kind is not Kind.LAYER


def sizes(entry: Entry, case: Case) -> dict[str, int]:
    """The length of every axis by its letter, such as N and d."""
    arrays = {**case.data, **case.parameters}
    return {
        letter: int(length)
        for variable in (*entry.data, *entry.parameters)
        for letter, length in zip(variable.shape, arrays[variable.name].shape, strict=False)
        if letter.isidentifier()
    }


def sample_letter(entry: Entry) -> str:
    """The letter of the axis that runs over the samples: N, or m for a system of equations."""
    for variable in (*entry.data, *entry.parameters):
        if variable.per_sample and variable.shape[0].isidentifier():
            return variable.shape[0]
    return "N"  # also of a layer of any shape, whose draw takes it


def samples(entry: Entry, case: Case) -> int:
    """The number of samples, 1 where nothing runs over samples or the array is a scalar."""
    arrays = {**case.data, **case.parameters}
    for variable in (*entry.data, *entry.parameters):
        if variable.per_sample and arrays[variable.name].ndim:
            return int(arrays[variable.name].shape[0])
    return 1


def rows(entry: Entry, case: Case, which: slice) -> Case:
    """The case with these samples alone: every per-sample array keeps its leading axis."""
    per_sample = {v.name for v in (*entry.data, *entry.parameters) if v.per_sample}

    def kept(name: str, value: Array) -> Array:
        return value[which] if name in per_sample else value

    return replace(
        case,
        data={name: kept(name, value) for name, value in case.data.items()},
        parameters={name: kept(name, value) for name, value in case.parameters.items()},
    )


def one_sample(entry: Entry, case: Case, i: int) -> Case:
    """The case with sample i alone, on a leading axis of length 1."""
    return rows(entry, case, slice(i, i + 1))


@lru_cache(maxsize=16)
def sized(entry: Entry, seed: int, size: int) -> Case:
    """A drawn case with this many samples, the same one each time: its rate takes a Hessian."""
    return entry.draw(seed, **{sample_letter(entry): size})
