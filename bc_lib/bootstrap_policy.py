"""Composes what changing the approval policy needs beside the gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bc_lib.domain.requests.policy import Rule


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """`read` raises ports.inventory.InvalidInventory with every error; `write` gives the text that `read` reads."""

    read: Callable[[Path], tuple[Rule, ...]]
    write: Callable[[Sequence[Rule]], str]


def policy_file() -> PolicyFile:
    """The YAML file."""
    from bc_lib.integrations.policy_file.reader import read_file
    from bc_lib.integrations.policy_file.writer import to_yaml

    return PolicyFile(read_file, to_yaml)
