"""`bcctl policy`: who must approve what."""

from __future__ import annotations

import typer

from bc_lib.cli.gatekeeping import Json, gate, out
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.words import duration
from bc_lib.services.requests.policy import policy_json, show_policy

app = typer.Typer(no_args_is_help=True, help="The approval policy.")


@app.callback()
def policy() -> None:
    """The approval policy."""


@app.command()
def show(as_json: Json = False) -> None:
    """Show the rules in order; the first that covers a request decides."""
    with gate(as_json) as made:
        found = show_policy(made)
        out(policy_json(found), as_json, [f"policy version {found.version}", *map(_line, found.rules)])


def _line(rule: Rule) -> str:
    chosen = [
        f"{name} {', '.join(map(str, values))}"
        for name, values in (
            ("tier", rule.tiers),
            ("type", [each.value for each in rule.types]),
            ("environment", [each.value for each in rule.environments]),
        )
        if values
    ]
    needs = " and ".join(f"{need.count} {need.role.value}" for need in rule.needs)
    ticket = f"; ticket {rule.ticket_pattern or 'required'}" if rule.ticket_required or rule.ticket_pattern else ""
    return (
        f"{rule.position}. {rule.name} ({'; '.join(chosen) or 'everything'}): {needs}; "
        f"approve within {duration(rule.pending_s)}, "
        f"confirm within {duration(rule.approved_s)}, start within {duration(rule.ready_s)}{ticket}"
    )
