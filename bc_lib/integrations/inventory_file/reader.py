"""Reads an inventory file: every trouble with file and line, or the whole inventory."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.inventory_rules import Problem, problems
from bc_lib.domain.names import InvalidName, check_name
from bc_lib.integrations.inventory_file import convert
from bc_lib.integrations.inventory_file.errors import InvalidFile
from bc_lib.integrations.inventory_file.models import MODELS, SECTIONS
from bc_lib.integrations.inventory_file.nodes import Document, Path, read_document

SCHEMA_VERSION = 1
TOP = ("schema_version", *SECTIONS)
MAX_ERRORS = 100


def read_file(path: FilePath) -> Inventory:
    """The inventory in `path`. Raises InvalidFile with every error, a file that cannot be opened included."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidFile([f"{path}: cannot be opened: {error.strerror or error}"]) from None
    except ValueError:
        raise InvalidFile([f"{str(path)!a}: is not the name of a file"]) from None
    return parse(content, path.name)


def parse(content: bytes, name: str) -> Inventory:
    """The inventory in `content`; `name` stands before each error. Raises InvalidFile."""
    document = read_document(content, name)
    found = list(document.errors)
    if not isinstance(document.value, dict):
        raise InvalidFile([f"{name}:1: the file must hold keys and values; demo/estate.yaml shows the format"])
    found += [*_top_errors(document), *_duplicates(document)]
    entries, places, broken = _entries(document, found)
    inventory = convert.inventory(entries)
    for problem in problems(inventory, broken):
        if problem.field != "name" or problem.first is None:
            found.append(_located(problem, places, document))
    if found:
        raise InvalidFile(_listed(found, document))
    return inventory


def _top_errors(document: Document) -> Iterator[tuple[int, Path, str]]:
    for key in document.value:
        if key not in TOP:
            yield document.line((key,)), (), _unknown_key(key, TOP)
    if "schema_version" not in document.value:
        yield 1, (), f"the key 'schema_version' is missing; write schema_version: {SCHEMA_VERSION}"
    elif document.value["schema_version"] is True or document.value["schema_version"] != SCHEMA_VERSION:
        shown = ascii(document.value["schema_version"])[:20]
        yield (
            document.line(("schema_version",)),
            (),
            f"schema_version {shown} is not known; this version reads {SCHEMA_VERSION}",
        )


def _duplicates(document: Document) -> Iterator[tuple[int, Path, str]]:
    """Names given twice, broken entries included; the domain's rule sees only what could be read."""
    for section in SECTIONS:
        seen: dict[str, int] = {}
        items = document.value.get(section)
        for place, item in enumerate(items if isinstance(items, list) else ()):
            for name in _names(item):
                line = document.line((section, place, "name"))
                if name in seen:
                    yield line, (section, place), f"the name {name[:63]!a} is given twice; first in line {seen[name]}"
                seen.setdefault(name, line)


def _entries(
    document: Document, found: list[tuple[int, Path, str]]
) -> tuple[dict[str, list[Any]], dict[str, list[int]], set[str]]:
    """Entries that have the right form, their places in the file, and the names of the others."""
    entries: dict[str, list[Any]] = {section: [] for section in SECTIONS}
    places: dict[str, list[int]] = {section: [] for section in SECTIONS}
    broken: set[str] = set()
    for section, model in SECTIONS.items():
        items = document.value.get(section)
        if items is not None and not isinstance(items, list):
            found.append((document.line((section,)), (), f"{section} must be a list"))
            items = None
        for place, item in enumerate(items or []):
            try:
                entries[section].append(model.model_validate(item))
                places[section].append(place)
            except ValidationError as error:
                found += [
                    _form_error(document, (section, place, *one["loc"]), one) for one in error.errors(include_url=False)
                ]
                broken |= _names(item)
    return entries, places, broken


def _names(item: Any) -> set[str]:
    return {item["name"]} if isinstance(item, dict) and isinstance(item.get("name"), str) else set()


def _form_error(document: Document, path: Path, error: Any) -> tuple[int, Path, str]:
    kind, field = error["type"], str(path[-1])
    if kind == "extra_forbidden":
        model = MODELS.get(tuple(str(part) for part in path[:-1] if isinstance(part, str)))
        return document.line(path), path[:-1], _unknown_key(field, tuple(model.model_fields) if model else ())
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


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, 1)
    advice = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return f"unknown key {key[:60]!a}; {advice}"


def _located(problem: Problem, places: dict[str, list[int]], document: Document) -> tuple[int, Path, str]:
    section = f"{problem.kind}s"
    parts = tuple(int(part) if part.isdigit() else part for part in (problem.field or "").split(".") if part)
    path: Path = (section, places[section][problem.index])
    line = document.line((*path, *parts))
    if problem.first is None:
        return line, path if len(parts) < 2 else (*path, *parts), problem.text
    return (
        line,
        path,
        f"{problem.text}; first in line {document.line((section, places[section][problem.first], *parts))}",
    )


def _label(path: Path, document: Document) -> str:
    """`resource orders-db: endpoints[2]: `: what the error is about."""
    if len(path) < 2:
        return ""
    section, place, *rest = path
    items = document.value[section]
    item = items[place] if isinstance(place, int) and isinstance(items, list) else None
    name = next(iter(_names(item)), None)
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


def _listed(found: list[tuple[int, Path, str]], document: Document) -> list[str]:
    lines = [
        f"{document.name}:{line}: {_label(path, document)}{text}"
        for line, path, text in sorted(found, key=lambda one: one[0])
    ]
    unique = list(dict.fromkeys(lines))
    more = len(unique) - MAX_ERRORS
    return unique[:MAX_ERRORS] + ([f"{document.name}: and {more} more errors"] if more > 0 else [])
