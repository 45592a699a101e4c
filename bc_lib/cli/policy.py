"""`bcctl policy`: who must approve what, and how two administrators change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bc_lib.cli import proposals
from bc_lib.cli.exits import fail
from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.domain.requests.policy import InBlackout, Rule
from bc_lib.domain.words import duration
from bc_lib.ports.inventory import InvalidInventory
from bc_lib.services.policy.plan import plan_lines, plan_policy
from bc_lib.services.policy.propose import propose_policy
from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.policy import policy_json, show_policy

if TYPE_CHECKING:
    from bc_lib.bootstrap_policy import PolicyFile

app = typer.Typer(no_args_is_help=True, help="The approval policy. Changing it takes two administrators.")
File = Annotated[
    Path,
    typer.Argument(
        help="The rules as YAML; bcctl policy show --yaml writes those of now.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]


@app.callback()
def policy() -> None:
    """The approval policy."""


@app.command()
def show(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="A proposal; none: the rules of now.")] = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="As a file to change and propose.")] = False,
    as_json: Json = False,
) -> None:
    """Show the rules in order (the first that covers a request decides), or one proposal."""
    with gate(as_json) as made:
        if number is not None:
            proposals.shown(made, POLICY, number, as_json)
            return
        found = show_policy(made)
        if as_yaml:
            typer.echo(_file().write(found.rules), nl=False)
            return
        out(policy_json(found), as_json, [f"policy version {found.version}", *map(_line, found.rules)])


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List proposals, newest first."""
    proposals.listed(POLICY, as_json, "No proposals. Make one with: bcctl policy propose FILE")


@app.command()
def plan(file: File, as_json: Json = False) -> None:
    """Show what FILE would change, before and after. Changes nothing."""
    with gate(as_json) as made, _sentences():
        found = plan_policy(made, _file().read(file))
        lines = plan_lines(found)
        out({"schema_version": 1, "base_version": found.base.version, "lines": lines}, as_json, lines)


@app.command()
def propose(
    file: File,
    base: Annotated[
        int | None, typer.Option("--base", help="Refuse unless this is still the policy's version.")
    ] = None,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Propose the rules in FILE, as an administrator. Another administrator must agree."""
    with gate(as_json) as made, _sentences():
        proposal = propose_policy(made, person(user), _file().read(file), base_version=base)
        proposals.shown(made, POLICY, proposal.id, as_json)


@app.command()
def agree(number: proposals.Number, digest: proposals.Digest = None, user: As = None, as_json: Json = False) -> None:
    """Agree to another administrator's proposal. The runner applies it within seconds."""
    proposals.agreed(POLICY, number, digest, user, as_json)


@app.command()
def reject(number: proposals.Number, reason: proposals.Why, user: As = None, as_json: Json = False) -> None:
    """End a proposal, one's own or another's."""
    proposals.rejected(POLICY, number, reason, user, as_json)


def _file() -> PolicyFile:
    from bc_lib.bootstrap_policy import policy_file

    return policy_file()


@contextmanager
def _sentences() -> Iterator[None]:
    """What is wrong with a file, each line with its place, and exit 1."""
    try:
        yield
    except InvalidInventory as error:
        for line in error.errors:
            typer.echo(line, err=True)
        fail("Nothing was proposed.")


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
        f"{'; only warned in blackouts' if rule.in_blackout is InBlackout.WARN else ''}"
    )
