"""What is wrong with a file, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.ports.inventory import InvalidInventory


class InvalidFile(InvalidInventory):
    """`errors` has one line each: `file:line: what: sentence`. Nothing of the file may be used."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__(errors)
