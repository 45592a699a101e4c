"""Cells, changes, checkpoints and the verifier's own Ed25519 (FR-040, FR-042)."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bc_lib.domain import audit
from bc_lib.domain.audit_changes import changed
from bc_lib.domain.audit_checkpoint import NOTHING, Checkpoint, as_json, from_bytes, to_bytes
from bc_lib.integrations.checkpoints.keys import Ed25519Key, UnusableKey, new_key, signature_fits
from bc_lib.services.audit import standalone_verify


def test_the_verifier_runs_on_old_pythons_without_packages() -> None:
    """It is copied into every export: Python 3.8 reads it, and it imports the standard library only."""
    tree = ast.parse(Path(standalone_verify.__file__).read_text(), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"__future__", "csv", "hashlib", "json", "os", "re", "sys", "typing", "collections.abc"}
    values = [node.value for node in tree.body if isinstance(node, ast.Assign)]  # evaluated, unlike annotations
    assert not any(isinstance(node, ast.Subscript) for value in values for node in ast.walk(value))


def test_the_verifier_shows_what_the_page_shows() -> None:
    """Two implementations, one table."""
    assert standalone_verify.COLUMNS == audit.COLUMNS
    assert standalone_verify.FORMULA == audit.FORMULA
    said = {
        "seq": 3,
        "at": "t",
        "kind": "denied",
        "verb": "x",
        "actor": {"name": "=a"},
        "members": ["a", "b"],
        "payload": {"ü": [1.0, None]},
    }
    assert standalone_verify.cells(said) == audit.cells(json.dumps(said).encode())


SIGNS = "=+-@|%\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
UNSEEN = ' "\u00a0\u3000\u200b\ufeff\u2060'


@given(st.text(alphabet=st.sampled_from(f"{SIGNS}{UNSEEN};\t\r\n\u2028'a1"), max_size=8))
def test_no_cell_begins_a_formula(cell: str) -> None:
    """FR-042, H: nor does any part of it where `;`, a tab or a line's end separates; both implementations agree."""
    shown = audit.neutral(cell)
    assert shown == standalone_verify.neutral(cell)
    parts = re.split("[;\t\r\n\u2028]", shown)
    assert [part for part in parts if part.lstrip(UNSEEN)[:1] in tuple(SIGNS)] == []
    assert shown[:1] not in ("\t", "\r", "\n")
    assert shown.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x;=1+1;y", "x;'=1+1;y"),
        ("a\t=1", "a\t'=1"),
        ("a\n@x", "a\n'@x"),
        ("\ufe661+1", "'\ufe661+1"),
        ("\u200b=1", "'\u200b=1"),
        ("\ufeff=1", "'\ufeff=1"),
        ('x;"=1"', 'x;\'"=1"'),
        ("orders-db; a=1", "orders-db; a=1"),
    ],
)
def test_formulas_behind_something(cell: str, expected: str) -> None:
    assert audit.neutral(cell) == expected


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 63), st.integers(1, 255))
def test_ed25519_without_a_library(message: bytes, place: int, flip: int) -> None:
    """Accepts what cryptography signs, refuses every changed byte, as cryptography does."""
    key = Ed25519Key(new_key())
    public, signature = bytes.fromhex(key.public), key.sign(message)
    assert standalone_verify.ed25519(public, message, signature)
    bad = bytearray(signature)
    bad[place] ^= flip
    assert not standalone_verify.ed25519(public, message, bytes(bad))
    assert not signature_fits(key.public, message, bytes(bad))
    assert not standalone_verify.ed25519(public, message + b"x", signature)
    assert not standalone_verify.ed25519(public[:31], message, signature)


def test_ed25519_of_the_standard() -> None:
    """RFC 8032, section 7.1, tests 1 and 3."""
    for public, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ):
        assert standalone_verify.ed25519(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_a_key_is_taken_in_both_alphabets_and_never_shown() -> None:
    """What is no key is refused without repeating it."""
    assert Ed25519Key("-_" * 21 + "A").public == Ed25519Key("+/" * 21 + "A=\n").public
    for bad in ("", "secret!", "QUJD", "A" * 90):
        with pytest.raises(UnusableKey) as refusal:
            Ed25519Key(bad)
        assert not bad or bad not in str(refusal.value)


def test_changes_name_what_changed() -> None:
    """FR-040: before and after, by name, nothing else."""
    before = {"resources": [{"name": "a", "tier": 1}, {"name": "b", "tier": 2}], "routes": [{"tiers": [1]}], "x": 1}
    after = {"resources": [{"name": "b", "tier": 1}, {"name": "c"}], "routes": [{"tiers": [1]}], "x": 1, "groups": []}
    assert changed(before, after) == {
        "resources/a": {"before": {"name": "a", "tier": 1}, "after": None},
        "resources/b": {"before": {"name": "b", "tier": 2}, "after": {"name": "b", "tier": 1}},
        "resources/c": {"before": None, "after": {"name": "c"}},
    }
    assert changed(after, after) == {}


def test_a_checkpoint_reads_as_written() -> None:
    """And nonsense is a ValueError."""
    one = Checkpoint(
        log="l",
        first=1,
        hashes=("ab" * 32,),
        previous=NOTHING,
        made_at="2026-11-23T00:00:00+00:00",
        key="cd" * 32,
        signature="ef",
    )
    assert from_bytes(to_bytes(one)) == one
    for bad in (
        b"",
        b"[]",
        b"{}",
        to_bytes(one)[:-5],
        json.dumps({**as_json(one), "more": 1}).encode(),
        json.dumps({**as_json(one), "hashes": []}).encode(),
        json.dumps({**as_json(one), "first": "1"}).encode(),
    ):
        with pytest.raises(ValueError):
            from_bytes(bad)
