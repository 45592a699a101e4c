"""The grammar of `synchronous_standby_names`, parsed and printed (syncrep_gram.y, PostgreSQL 13 to 18). Pure.

Names are told apart without regard to case, and `*`, quoted or not, stands for everybody, as the server has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

EVERYBODY = "*"
_TOKEN = re.compile(
    r'[ \t\n\r\f\v]*(?:(?P<quoted>"(?:[^"]|"")*")|(?P<word>[A-Za-z\x80-\U0010ffff_][A-Za-z\x80-\U0010ffff_0-9$]*)'
    r"|(?P<number>[0-9]+)|(?P<sign>[*,()]))"
)
_FOLD = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


class Method(StrEnum):
    """How members are chosen. LIST is the bare list: the first one of it that follows."""

    LIST = ""
    FIRST = "FIRST"
    ANY = "ANY"


class NotSyncNames(ValueError):
    """The text is none that a server would take; it is not repeated here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncNames:
    """A value that is not empty. `names` keep their order and case; `count` of them must confirm a commit."""

    names: tuple[str, ...]
    method: Method = Method.LIST
    count: int = 1

    def renamed(self, old: str, new: str) -> SyncNames:
        """Every member called `old` is `new`; all others, the method and the number stay."""
        if old == EVERYBODY:
            return self
        return replace(self, names=tuple(new if same(name, old) else name for name in self.names))

    def member(self, application_name: str) -> bool:
        """Whether a sender of this name may be synchronous."""
        return any(name == EVERYBODY or same(name, application_name) for name in self.names)

    def fulfilled(self, streaming: Iterable[str]) -> bool:
        """Whether commits would go through with these senders streaming, one entry a sender."""
        return sum(self.member(name) for name in streaming) >= self.count


def same(one: str, other: str) -> bool:
    """As pg_strcasecmp: only ASCII letters are folded."""
    return one.translate(_FOLD) == other.translate(_FOLD)


def parse(text: str) -> SyncNames | None:
    """None: the empty value, nobody is waited for. Raises NotSyncNames."""
    if not text:
        return None
    tokens = _tokens(text)
    kinds = [kind for kind, _ in tokens]
    method, count = Method.LIST, 1
    # A name called any or first must be quoted; a bare number before a parenthesis is FIRST.
    if kinds[:1] == ["word"] and tokens[0][1].upper() in {Method.ANY, Method.FIRST}:
        method, tokens = Method(tokens[0][1].upper()), tokens[1:]
        if [kind for kind, _ in tokens[:2]] != ["number", "("]:
            raise NotSyncNames("not a value of synchronous_standby_names")
    elif kinds[:2] == ["number", "("]:
        method = Method.FIRST
    if method is not Method.LIST:
        count = int(tokens[0][1])
        if tokens[-1][0] != ")" or count < 1:
            raise NotSyncNames("not a value of synchronous_standby_names")
        tokens = tokens[2:-1]
    return SyncNames(names=_list(tokens), method=method, count=count)


def render(value: SyncNames | None) -> str:
    """As the server takes it, every name quoted."""
    if value is None:
        return ""
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in value.names)
    return names if value.method is Method.LIST else f"{value.method} {value.count} ({names})"


def _list(tokens: list[tuple[str, str]]) -> tuple[str, ...]:
    names, commas = tokens[::2], tokens[1::2]
    if (
        len(tokens) % 2 == 0
        or any(kind != "," for kind, _ in commas)
        or any(kind not in {"word", "quoted", "number", EVERYBODY} for kind, _ in names)
        or any(kind == "word" and name.upper() in {Method.ANY, Method.FIRST} for kind, name in names)
    ):
        raise NotSyncNames("not a value of synchronous_standby_names")
    return tuple(name for _, name in names)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.rstrip(" \t\n\r\f\v")
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or token.lastgroup is None:
            raise NotSyncNames("not a value of synchronous_standby_names")
        kind, value = token.lastgroup, token.group(token.lastgroup)
        if kind == "quoted":
            value = value[1:-1].replace('""', '"')
        found.append((value if kind == "sign" else kind, value))
        at = token.end()
    return found
