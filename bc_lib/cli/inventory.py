"""`bcctl inventory`: what is watched, as a file that is compared before it is applied."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bc_lib.cli import proposals
from bc_lib.cli.exits import Exit, fail
from bc_lib.cli.gatekeeping import As, Json, gate, person
from bc_lib.domain.requests.policy_rules import InvalidDocument
from bc_lib.domain.words import capital
from bc_lib.ports.inventory import InvalidInventory, StaleRevision
from bc_lib.services.apply_inventory import apply_inventory, check_plan, may_apply
from bc_lib.services.inventory.propose import propose_inventory
from bc_lib.services.inventory.topic import INVENTORY
from bc_lib.services.plan_inventory import InventoryPlan, plan_inventory, plan_lines

if TYPE_CHECKING:
    from bc_lib.bootstrap import Editing

app = typer.Typer(no_args_is_help=True, help="What is watched. demo/estate.yaml documents the file's format.")
Unreachable = Annotated[bool, typer.Option(help="Go on although new or moved hosts do not answer.")]
Unresolved = Annotated[bool, typer.Option(help="Go on although new secret references give no secret yet.")]
File = Annotated[Path, typer.Argument(help="The inventory as YAML.", exists=True, dir_okay=False, readable=True)]


@app.command()
def plan(file: File) -> None:
    """Show what applying FILE would change. Changes nothing."""
    with _sentences():
        _, made = _plan(file)
    for line in plan_lines(made):
        typer.echo(line)


@app.command()
def apply(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; without --yes a change is refused.")] = False,
    allow_unreachable: Unreachable = False,
    allow_unresolved: Unresolved = False,
    user: As = None,
) -> None:
    """Show what changes, ask, and apply all of FILE or nothing. An administrator's act: --as USER, not in prod.

    What makes a move's meaning (endpoints, secrets, tier, ... of what can be moved) takes two: bcctl inventory propose.
    """
    with _sentences():
        parts, made = _plan(file)
        for line in plan_lines(made):
            typer.echo(line)
        if made.empty:
            return
        with gate() as door:
            who = person(user)
            may_apply(door, who, made)
            _agree(yes, no_input)
            revision = apply_inventory(
                door,
                made,
                parts.inventory,
                parts.secrets,
                parts.probe,
                actor=who,
                allow_unreachable=allow_unreachable,
                allow_unresolved=allow_unresolved,
                look=parts.look,
            )
    typer.echo(f"Applied; the inventory is at revision {revision}.", err=True)


@app.command()
def propose(
    file: File,
    allow_unreachable: Unreachable = False,
    allow_unresolved: Unresolved = False,
    user: As = None,
    as_json: Json = False,
) -> None:
    """Propose all of FILE, as an administrator: for what one alone may not change. Another must agree."""
    with _sentences("Nothing was proposed."), gate(as_json) as door:
        parts, made = _plan(file)
        proposal = propose_inventory(
            door,
            person(user),
            made,
            parts.secrets,
            parts.probe,
            allow_unreachable=allow_unreachable,
            allow_unresolved=allow_unresolved,
            look=parts.look,
        )
        proposals.shown(door, INVENTORY, proposal.id, as_json)


@app.command("proposals")
def list_(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="One proposal; none: all.")] = None,
    as_json: Json = False,
) -> None:
    """List proposals, newest first, or show one with what it would change."""
    if number is None:
        proposals.listed(INVENTORY, as_json, "No proposals. Make one with: bcctl inventory propose FILE")
        return
    with gate(as_json) as door:
        proposals.shown(door, INVENTORY, number, as_json)


@app.command()
def agree(number: proposals.Number, digest: proposals.Digest = None, user: As = None, as_json: Json = False) -> None:
    """Agree to another administrator's proposal. The runner applies it within seconds."""
    proposals.agreed(INVENTORY, number, digest, user, as_json)


@app.command()
def reject(number: proposals.Number, reason: proposals.Why, user: As = None, as_json: Json = False) -> None:
    """End a proposal, one's own or another's."""
    proposals.rejected(INVENTORY, number, reason, user, as_json)


@app.command()
def show(as_json: Annotated[bool, typer.Option("--json", help="Machine-readable, schema_version 1.")] = False) -> None:
    """Show what is stored."""
    from bc_lib.bootstrap import reading
    from bc_lib.services.inventory_json import inventory_json

    with _sentences():
        stored = reading().inventory.load()
    if as_json:
        typer.echo(json.dumps(inventory_json(stored), indent=2))
        return
    typer.echo(f"revision {stored.revision}", err=True)
    for resource in stored.inventory.resources:
        rpo = "no RPO target" if resource.rpo_s is None else f"RPO {resource.rpo_s:g}s"
        typer.echo(
            f"{resource.name}  {resource.platform.value}  tier {resource.tier}  {resource.environment.value}  "
            f"{resource.home_site} -> {resource.dr_site}  {rpo}  {resource.owner}"
        )
    for group in stored.inventory.groups:
        typer.echo(
            f"group {group.name}  tier {group.tier}  {group.owner}: {', '.join(one.resource for one in group.members)}"
        )
    if not stored.inventory.resources:
        typer.echo("The inventory is empty. Add resources with: bcctl inventory apply FILE", err=True)


def _plan(file: Path) -> tuple[Editing, InventoryPlan]:
    from bc_lib.bootstrap import editing

    parts = editing()
    made = plan_inventory(parts.inventory, parts.read_file(file))
    check_plan(made, parts.secrets)
    return parts, made


def _agree(yes: bool, no_input: bool) -> None:
    if yes:
        return
    if no_input or not sys.stdin.isatty():
        fail("Nothing was applied: this changes the inventory, and nobody can be asked here. Give --yes.", Exit.USAGE)
    if not typer.confirm("Apply this?", err=True):
        fail("Nothing was applied.")


@contextmanager
def _sentences(nothing: str = "Nothing was applied.") -> Iterator[None]:
    """Every expected trouble as sentences and exit 1, never as a traceback."""
    from bc_lib.bootstrap import database_trouble
    from bc_lib.config import ConfigError

    try:
        yield
    except InvalidInventory as error:
        for line in error.errors:
            typer.echo(line, err=True)
        fail(nothing)
    except InvalidDocument as error:
        fail(f"{capital(str(error))}; restore the shared database, or ask for help. {nothing}")
    except StaleRevision as error:
        fail(f"{error} {nothing}")
    except ConfigError as error:
        fail(str(error))
    except database_trouble() as error:
        what = str(getattr(error, "orig", None) or error).strip().splitlines()
        fail(
            "The shared database refused or does not answer; nothing was changed: "
            + (what[0] if what else type(error).__name__)
        )
