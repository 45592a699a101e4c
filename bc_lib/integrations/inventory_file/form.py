"""What any file of ours says about a wrong form: keys, kinds of values, with file and line (FR-001)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from bc_lib.domain.names import InvalidName, check_name
from bc_lib.integrations.inventory_file.nodes import Document, Path

Models = Mapping[tuple[str, ...], type[BaseModel]]
MAX_ERRORS = 100


def top_errors(document: Document, known: tuple[str, ...], version: int) -> Iterator[tuple[int, Path, str]]:
    """Keys at the top that the format does not have, and a version that we do not read."""
    for key in document.value:
        if key not in known:
            yield document.line((key,)), (), unknown_key(key, known)
    if "schema_version" not in document.value:
        yield 1, (), f"the key 'schema_version' is missing; write schema_version: {version}"
    elif document.value["schema_version"] is True or document.value["schema_version"] != version:
        shown = ascii(document.value["schema_version"])[:20]
        yield (
            document.line(("schema_version",)),
            (),
            f"schema_version {shown} is not known; this version reads {version}",
        )


def names(item: Any) -> set[str]:
    """The name of an entry, where it has one."""
    return {item["name"]} if isinstance(item, dict) and isinstance(item.get("name"), str) else set()


def form_error(document: Document, path: Path, error: Any, models: Models) -> tuple[int, Path, str]:
    """Line, path and sentence of one of pydantic's errors. `models`: which keys are allowed, by path without places."""
    kind, field = error["type"], str(path[-1])
    if kind == "extra_forbidden":
        model = models.get(tuple(str(part) for part in path[:-1] if isinstance(part, str)))
        known = tuple(info.alias or name for name, info in model.model_fields.items()) if model else ()
        return document.line(path), path[:-1], unknown_key(field, known)
    if kind == "missing":
        return document.line(path[:-1]), path[:-1], f"the key {field!r} is missing"
    return document.line(path), path, _sentence(kind, error)


def _sentence(kind: str, error: Any) -> str:
    given = error["input"]
    shown = (
        f"{given[:40]!a}" if isinstance(given, str) else str(given)[:40] if isinstance(given, int | float) else "this"
    )
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind in {"enum", "literal_error"}:
        return f"{shown} is not one of {error['ctx']['expected']}"
    if kind == "string_type":
        return "nothing is written here" if given is None else f"{shown} must be a text; put it in quotes"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return "keys and values are expected here"
    words = {
        "list_type": "a list is expected here",
        "int_type": f"{shown} must be a whole number",
        "bool_type": f"{shown} must be true or false",
    }
    return words.get(kind) or f"{shown}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def unknown_key(key: str, known: tuple[str, ...]) -> str:
    """A key that the format does not have, and the nearest one that it has."""
    near = get_close_matches(key, known, 1)
    advice = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return f"unknown key {key[:60]!a}; {advice}"


def _label(path: Path, document: Document) -> str:
    """`resource orders-db: endpoints[2]: `: what the error is about."""
    if len(path) < 2:
        return ""
    section, place, *rest = path
    items = document.value[section]
    item = items[place] if isinstance(place, int) and isinstance(items, list) else None
    name = next(iter(names(item)), None)
    shown = name if name and _allowed(name) else str(int(place) + 1)
    inner = ".".join(str(part) for part in rest if isinstance(part, str))
    number = next((f"[{part + 1}]" for part in rest if isinstance(part, int)), "")
    head, _, tail = inner.partition(".")
    return f"{str(section)[:-1]} {shown}: " + (f"{head}{number}{'.' if tail else ''}{tail}: " if inner else "")


def _allowed(name: str) -> bool:
    try:
        check_name("a", name)
    except InvalidName:
        return False
    return True


def listed(found: list[tuple[int, Path, str]], document: Document) -> list[str]:
    """`file:line: what: sentence`, in the file's order, at most MAX_ERRORS of them."""
    lines = [
        f"{document.name}:{line}: {_label(path, document)}{text}"
        for line, path, text in sorted(found, key=lambda one: one[0])
    ]
    unique = list(dict.fromkeys(lines))
    more = len(unique) - MAX_ERRORS
    return unique[:MAX_ERRORS] + ([f"{document.name}: and {more} more errors"] if more > 0 else [])
