"""`bcctl demo`: breaks and heals the demo estate and reads its inbox, by way of the demo's agent."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from typing import Annotated, Any

import typer

from bc_lib.cli.demo_modes import WHAT_IT_DOES
from bc_lib.runtime import folders
from bc_lib.runtime.account import server_account
from bc_lib.runtime.jsonfile import BrokenFile, read_object

NOT_RUNNING = "The demo is not running; start it with make demo."
PATIENCE_S = 90.0
HTTP_ERROR = 400
_MODES_HELP = "\n\n".join(f"{mode}: {does}" for mode, does in WHAT_IT_DOES.items())

app = typer.Typer(no_args_is_help=True, help="Break and heal the demo estate; read its mails.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("break", help=f"Make a real fault at NAME. Modes:\n\n{_MODES_HELP}")
def do_break(
    name: Annotated[str, typer.Argument(help="A demo resource, see: bcctl demo state")],
    mode: Annotated[str, typer.Argument(help=f"One of {', '.join(WHAT_IT_DOES)}")],
    as_json: AsJson = False,
) -> None:
    answer = _call("POST", "/break", {"name": name, "mode": mode})
    typer.echo(json.dumps(answer, indent=2) if as_json else answer["text"])


@app.command()
def heal(name: Annotated[str, typer.Argument(help="A demo resource")], as_json: AsJson = False) -> None:
    """Undo every fault at NAME and wait until it is back."""
    answer = _call("POST", "/heal", {"name": name})
    typer.echo(json.dumps(answer, indent=2) if as_json else answer["text"])


@app.command()
def modes(as_json: AsJson = False) -> None:
    """List the modes and what each does."""
    if as_json:
        listed = [{"mode": mode, "does": does} for mode, does in WHAT_IT_DOES.items()]
        typer.echo(json.dumps({"modes": listed}, indent=2))
        return
    for mode, does in WHAT_IT_DOES.items():
        typer.echo(f"{mode:20} {does}")


@app.command()
def state(as_json: AsJson = False) -> None:
    """Show what runs and what is broken, as the demo's host sees it."""
    answer = _call("GET", "/state")
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
        return
    for resource in answer["resources"]:
        typer.echo(f"{resource['name']}: {', '.join(resource['broken']) or 'nothing broken'}")
        for node in resource["nodes"]:
            runs = "runs" if node["running"] else "stopped"
            orders = _orders(node)
            typer.echo(f"  {node['site']}  {node['role']:8} {runs:8} port {node['port']}  wire {node['wire']}{orders}")


@app.command()
def inbox(
    number: Annotated[int | None, typer.Argument(help="Show this mail")] = None,
    as_json: AsJson = False,
) -> None:
    """List the mails that the demo received, newest first, or show one."""
    answer = _call("GET", "/inbox" if number is None else f"/inbox/{number}")
    if as_json:
        typer.echo(json.dumps(answer, indent=2))
    elif number is not None:
        typer.echo(f"{_head(answer)}\n\n{_plain(answer['body'], keep_lines=True).rstrip()}")
    else:
        typer.echo("\n".join(_head(mail) for mail in answer["mails"]) or "The inbox is empty.")


def _orders(node: dict[str, Any]) -> str:
    """What the host did by order of runs, as it counted itself; who keeps the server stopped."""
    counts = ", ".join(f"{verb} {count}" for verb, count in node.get("effects", {}).items())
    parts = [
        f"orders done: {counts}" if counts else "",
        f"stopped by {node['stopped_by']}" if node.get("stopped_by") else "",
    ]
    return "".join(f"  {part}" for part in parts if part)


def _head(mail: dict[str, Any]) -> str:
    time = str(mail["received_at"])[:19].replace("T", " ")
    return _plain(f"{mail['number']:>4}  {time} UTC  {mail['sender']} -> {mail['to']}  {mail['subject']}")


def _plain(text: str, *, keep_lines: bool = False) -> str:
    # A mail may hold terminal control sequences; a terminal must not obey them.
    return "".join(char if char.isprintable() or (keep_lines and char in "\n\t") else " " for char in text)


def _call(method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    """Ask the agent; its answer. Ends the command with exit code 1 and one sentence where it says no."""
    about = _agent()
    headers = {"Authorization": f"Bearer {about['token']}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", int(about["port"]), timeout=PATIENCE_S)
    try:
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
    except ConnectionError:
        raise _sorry(NOT_RUNNING) from None
    except (OSError, HTTPException, ValueError):
        raise _sorry("The demo does not answer; see its log, or start it again with make demo.") from None
    finally:
        connection.close()
    if answer.status >= HTTP_ERROR:
        raise _sorry(str(found.get("error", "The demo refused.")))
    return found


def _agent() -> dict[str, Any]:
    path = folders.choose(server_account()).data / "demo" / "agent.json"
    try:
        about = read_object(path)
    except BrokenFile as error:
        raise _sorry(f"{error} Start the demo again with make demo.") from None
    if about is None or "port" not in about or "token" not in about:
        raise _sorry(NOT_RUNNING)
    return about


def _sorry(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)
