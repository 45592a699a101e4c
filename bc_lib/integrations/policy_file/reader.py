"""Reads a policy file: every trouble with file and line, or all its rules."""

from __future__ import annotations

from pathlib import Path as FilePath

from pydantic import ValidationError

from bc_lib.domain.actor import Role
from bc_lib.domain.requests.policy import Need, Rule
from bc_lib.domain.requests.policy_rules import PolicyProblem, problems
from bc_lib.integrations.inventory_file.errors import InvalidFile
from bc_lib.integrations.inventory_file.form import form_error, listed, top_errors
from bc_lib.integrations.inventory_file.nodes import Document, Path, read_document
from bc_lib.integrations.policy_file.models import MODELS, RuleEntry

SCHEMA_VERSION = 1
TOP = ("schema_version", "rules")
# What the domain calls a field, as the file calls it.
FIELDS: dict[str, Path] = {
    "pending_s": ("approve_within",),
    "approved_s": ("confirm_within",),
    "ready_s": ("start_within",),
    "ticket_pattern": ("ticket", "pattern"),
}


def read_file(path: FilePath) -> tuple[Rule, ...]:
    """The rules in `path`, in order, of no version yet (0). Raises InvalidFile with every error."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidFile([f"{path}: cannot be opened: {error.strerror or error}"]) from None
    return parse(content, path.name)


def parse(content: bytes, name: str) -> tuple[Rule, ...]:
    """The rules in `content`; `name` stands before each error. Raises InvalidFile."""
    document = read_document(content, name)
    found = list(document.errors)
    if not isinstance(document.value, dict):
        raise InvalidFile([f"{name}:1: the file must hold keys and values; bcctl policy show --yaml shows the format"])
    found += top_errors(document, TOP, SCHEMA_VERSION)
    items = document.value.get("rules")
    if not isinstance(items, list):
        found.append((document.line(("rules",)), (), "rules must be a list"))
        items = []
    rules: list[Rule] = []
    for place, item in enumerate(items):
        try:
            rules.append(_rule(place + 1, RuleEntry.model_validate(item)))
        except ValidationError as error:
            found += [
                form_error(document, ("rules", place, *one["loc"]), one, MODELS)
                for one in error.errors(include_url=False)
            ]
    if not found:
        found = [_located(problem, document) for problem in problems(rules)]
    if found:
        raise InvalidFile(listed(found, document))
    return tuple(rules)


def _rule(position: int, entry: RuleEntry) -> Rule:
    needs = ((Role.APPROVER_IT, entry.needs.approver_it), (Role.APPROVER_BUSINESS, entry.needs.approver_business))
    return Rule(
        version=0,
        position=position,
        name=entry.name,
        tiers=tuple(entry.tiers),
        types=tuple(entry.types),
        environments=tuple(entry.environments),
        needs=tuple(Need(role=role, count=count) for role, count in needs if count is not None),
        ticket_required=entry.ticket.required,
        ticket_pattern=entry.ticket.pattern,
        pending_s=entry.approve_within,
        approved_s=entry.confirm_within,
        ready_s=entry.start_within,
        in_blackout=entry.in_blackout,
    )


def _located(problem: PolicyProblem, document: Document) -> tuple[int, Path, str]:
    """Line and place of what the domain says; what concerns all rules stands at the key `rules`."""
    if problem.index is None:
        return document.line(("rules",)), (), problem.text
    path: Path = ("rules", problem.index)
    field = FIELDS.get(problem.field, (problem.field,))
    return document.line((*path, *field)), (*path, *field), problem.text
