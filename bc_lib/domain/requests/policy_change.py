"""What differs between two rule sets, rule by rule (FR-031)."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.inventory_diff import Change, ChangeKind, FieldChange, Plain
from bc_lib.domain.requests.policy import Rule


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[Change, ...]:
    """What differs, rule by rule, by their names. Empty exactly when both say the same in the same order."""
    earlier, later = ({rule.name: _flat(place, rule) for place, rule in enumerate(rules)} for rules in (before, after))
    added = [_change(ChangeKind.ADDED, name, {}, later[name]) for name in later if name not in earlier]
    changed = [
        _change(ChangeKind.CHANGED, name, earlier[name], later[name])
        for name in later
        if name in earlier and earlier[name] != later[name]
    ]
    removed = [_change(ChangeKind.REMOVED, name, earlier[name], {}) for name in earlier if name not in later]
    return (*added, *changed, *removed)


def _flat(place: int, rule: Rule) -> dict[str, Plain]:
    return {
        "position": place + 1,
        "tiers": ", ".join(map(str, rule.tiers)) or "all",
        "types": ", ".join(each.value for each in rule.types) or "all",
        "environments": ", ".join(each.value for each in rule.environments) or "all",
        "needs": " and ".join(f"{need.count} {need.role.value}" for need in rule.needs),
        "ticket required": rule.ticket_required,
        "ticket pattern": rule.ticket_pattern,
        "approve_within_s": float(rule.pending_s),
        "confirm_within_s": float(rule.approved_s),
        "start_within_s": float(rule.ready_s),
        "in blackout": rule.in_blackout.value,
    }


def _change(kind: ChangeKind, name: str, before: dict[str, Plain], after: dict[str, Plain]) -> Change:
    fields = tuple(
        FieldChange(name=key, before=before.get(key), after=after.get(key))
        for key in (before or after)
        if before.get(key) != after.get(key)
    )
    return Change(kind=kind, what="rule", name=name, fields=fields)
