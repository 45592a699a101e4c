"""Reads an inventory file: every trouble with file and line, or the whole inventory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from bc_lib.domain.inventory import Inventory
from bc_lib.domain.inventory_rules import Problem, problems
from bc_lib.integrations.inventory_file import convert
from bc_lib.integrations.inventory_file.errors import InvalidFile
from bc_lib.integrations.inventory_file.form import form_error, listed, names, top_errors
from bc_lib.integrations.inventory_file.models import MODELS, SECTIONS
from bc_lib.integrations.inventory_file.nodes import Document, Path, read_document

SCHEMA_VERSION = 1
TOP = ("schema_version", *SECTIONS)


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
    found += [*top_errors(document, TOP, SCHEMA_VERSION), *_duplicates(document)]
    entries, places, broken = _entries(document, found)
    inventory = convert.inventory(entries)
    for problem in problems(inventory, broken):
        if problem.field != "name" or problem.first is None:
            found.append(_located(problem, places, document))
    if found:
        raise InvalidFile(listed(found, document))
    return inventory


def _duplicates(document: Document) -> Iterator[tuple[int, Path, str]]:
    """Names given twice, broken entries included; the domain's rule sees only what could be read."""
    for section in SECTIONS:
        seen: dict[str, int] = {}
        items = document.value.get(section)
        for place, item in enumerate(items if isinstance(items, list) else ()):
            for name in names(item):
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
                    form_error(document, (section, place, *one["loc"]), one, MODELS)
                    for one in error.errors(include_url=False)
                ]
                broken |= names(item)
    return entries, places, broken


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
