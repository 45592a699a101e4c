"""YAML to plain values that remember their lines. Refuses what a configuration file does not need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from bc_lib.integrations.inventory_file.errors import InvalidFile

Path = tuple[str | int, ...]
MAX_DEPTH = 20
MAX_BYTES = 10_000_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """Plain values, and the line of each path (of the key, for an entry of a mapping)."""

    name: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    errors: list[tuple[int, Path, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(content: bytes, name: str) -> Document:
    """Parse `content`. Keys given twice and odd values are in `errors`.

    Raises InvalidFile where it is no YAML at all.
    """
    if len(content) > MAX_BYTES:
        raise InvalidFile([f"{name}: the file is larger than {MAX_BYTES // 1_000_000} MB"])
    try:
        text = content.decode("utf-8-sig")
        _look_over(text, name)
        root = yaml.compose(text, LOADER)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidFile([f"{name}:{line}: the file is not UTF-8 text"]) from None
    except yaml.YAMLError as error:
        raise InvalidFile([_yaml_error(error, name)]) from None
    document = Document(name)
    if root is not None:
        document.value = _plain(root, (), document)
    return document


def _look_over(text: str, name: str) -> None:
    """Refuse aliases, which could make a small file huge, and depth, before anything is built."""
    depth = 0
    for event in yaml.parse(text, LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise InvalidFile([f"{name}:{line}: aliases (*name) are not used in this format; write the value out"])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise InvalidFile([f"{name}:{line}: nested deeper than {MAX_DEPTH} levels"])


def _yaml_error(error: yaml.YAMLError, name: str) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        what = getattr(error, "problem", None) or getattr(error, "context", None) or "cannot be read"
        return f"{name}:{mark.line + 1}: this is not YAML: {what}"
    return f"{name}: this is not YAML: {getattr(error, 'reason', None) or str(error).splitlines()[0]}"


def _plain(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), document) for place, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError, AttributeError, KeyError, IndexError):
        document.errors.append(
            (
                node.start_mark.line + 1,
                path,
                f"{str(node.value)[:40]!a} cannot be read as {node.tag.rpartition(':')[2]}",
            )
        )
        return None


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
            document.errors.append((line, path, "a key must be a plain word"))
            continue
        key = key_node.value
        where = (*path, key)
        if key in found:
            document.errors.append(
                (line, path, f"the key {key[:60]!a} is given twice; first in line {document.lines[where]}")
            )
            continue
        document.lines[where] = line
        found[key] = _plain(value_node, where, document)
    return found
