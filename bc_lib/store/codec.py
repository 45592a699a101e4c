"""Frozen dataclasses to JSON values and back, for JSONB columns.

Fields that hold their default are left out, and a field that is absent gets its default: rows stay
small, and values written before a field existed can still be read. What PostgreSQL's JSONB cannot
hold is made harmless: NUL and lone surrogates become U+FFFD, numbers that are not finite become null.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Convert = Callable[[Any], Any]
T = TypeVar("T")
MISSING = object()


class Undecodable(ValueError):
    """A stored value does not fit its class any more."""


def to_json(value: Any) -> Any:
    """`value` (a dataclass) as JSON values."""
    return _encoder(cast("Hashable", type(value)))(value)


def dumps(value: Any) -> str:
    """`value` (a dataclass, or plain JSON values) as JSON text that JSONB accepts."""
    plain = to_json(value) if dataclasses.is_dataclass(value) else _plain(value)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass `kind` from JSON values. Raises Undecodable."""
    try:
        return cast("T", _decoder(cast("Hashable", kind))(value))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Undecodable(f"a stored {kind.__name__} cannot be read: {error}") from error


def clean(text: str) -> str:
    """`text` as PostgreSQL can hold it."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line a kind of value
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return clean(str(value))


@cache
def _fields(kind: type) -> tuple[tuple[str, Any, Any], ...]:
    """Name, type and default of each field; MISSING where there is none."""
    hints = get_type_hints(kind)
    found = []
    for item in dataclasses.fields(kind):
        default: Any = MISSING
        if item.default is not dataclasses.MISSING:
            default = item.default
        elif item.default_factory is not dataclasses.MISSING:
            default = item.default_factory()
        found.append((item.name, hints[item.name], default))
    return tuple(found)


def _optional(kind: Any) -> tuple[Any, ...] | None:
    """The alternatives of a union without None; None where `kind` is no union."""
    if get_origin(kind) in {Union, types.UnionType}:
        return tuple(part for part in get_args(kind) if part is not types.NoneType)
    return None


@cache
def _encoder(kind: Any) -> Convert:
    alternatives = _optional(kind)
    if alternatives is not None and len(alternatives) == 1:
        inner = _encoder(alternatives[0])
        return lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        item = _encoder(get_args(kind)[0])
        return lambda value: [item(entry) for entry in value]
    if dataclasses.is_dataclass(kind):
        return _dataclass_encoder(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    return _plain


def _dataclass_encoder(kind: type) -> Convert:
    parts = [(name, default, _encoder(hint)) for name, hint, default in _fields(kind)]

    def encode(value: Any) -> dict[str, Any]:
        found = {}
        for name, default, inner in parts:
            item = getattr(value, name)
            if default is MISSING or item != default:
                found[name] = inner(item)
        return found

    return encode


def _identity(value: Any) -> Any:
    return value


def _float(value: Any) -> Any:
    return float(value) if value is not None else math.nan


@cache
def _decoder(kind: Any) -> Convert:  # noqa: PLR0911 - one line a kind of type
    alternatives = _optional(kind)
    if alternatives is not None:
        if len(alternatives) > 1:
            return _identity
        inner = _decoder(alternatives[0])
        return _identity if inner is _identity else lambda value: None if value is None else inner(value)
    if get_origin(kind) is tuple:
        item = _decoder(get_args(kind)[0])
        return tuple if item is _identity else lambda value: tuple([item(entry) for entry in value])
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {member.value: member for member in kind}.__getitem__
    if kind is datetime:
        return datetime.fromisoformat
    return _float if kind is float else _identity


def _dataclass_decoder(kind: type) -> Convert:
    parts = {name: _decoder(hint) for name, hint, _ in _fields(kind)}
    plain = frozenset(name for name, convert in parts.items() if convert is _identity)

    def decode(value: Any) -> Any:
        return kind(
            **{name: item if name in plain else parts[name](item) for name, item in value.items() if name in parts}
        )

    return decode
