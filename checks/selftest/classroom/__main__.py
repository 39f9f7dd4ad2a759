"""`python -m checks.selftest.classroom FOLDER [COUNT]` writes a class to try things with."""

from __future__ import annotations

import argparse
from pathlib import Path

from checks.selftest.classroom.roll import members, write

CLASS = 300


def main() -> None:
    """Write the class; one line a student says what the report must find."""
    parser = argparse.ArgumentParser(prog="python -m checks.selftest.classroom")
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("count", type=int, nargs="?", default=CLASS, help="how many submissions")
    chosen = parser.parse_args()
    if chosen.folder.exists():
        parser.error(f"expected a folder that is not there yet, got {chosen.folder}")
    try:
        seated = members(chosen.count)
    except ValueError as error:
        parser.error(str(error))
    write(chosen.folder, seated)
    for number, member in enumerate(seated):
        failing = ", ".join(sorted(member.must)) or "nothing"
        print(f"student{number:03}  {member.model:<22}{failing:<45}{member.name}")


if __name__ == "__main__":
    main()
