"""`bcctl schedule feed`: an address that calendar programs can subscribe to, until it is revoked."""

from __future__ import annotations

from typing import Annotated

import typer

from bc_lib.cli.gatekeeping import As, Json, gate, out, person
from bc_lib.cli.schedule_text import feed_lines
from bc_lib.services.schedules.feeds import add_feed, list_feeds, revoke_feed
from bc_lib.services.schedules.view import feed_json

app = typer.Typer(no_args_is_help=True, help="Calendar feeds (iCalendar), each with an address of its own.")


@app.command()
def add(
    title: Annotated[str, typer.Option("--title", help="How calendar programs name it.")] = "Disaster recovery drills",
    user: As = None,
    as_json: Json = False,
) -> None:
    """Make a feed of your own. Its address is shown once: whoever has it can read every date."""
    with gate(as_json) as made:
        new = add_feed(made, person(user), title)
        told = f"{new.address}\nFeed {new.feed.id}. Keep the address secret; it is not shown again."
        out({"schema_version": 1, **feed_json(new.feed), "address": new.address}, as_json, [told])


@app.command("list")
def list_(user: As = None, as_json: Json = False) -> None:
    """List your feeds; an administrator sees everybody's."""
    with gate(as_json) as made:
        found = list_feeds(made, person(user))
        out({"schema_version": 1, "feeds": [feed_json(each) for each in found]}, as_json, feed_lines(found))


@app.command()
def revoke(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Its number in the list.")],
    user: As = None,
    as_json: Json = False,
) -> None:
    """Its address opens nothing from now on."""
    with gate(as_json) as made:
        feed = revoke_feed(made, person(user), number)
        told = f"Feed {feed.id} ({feed.title}) is revoked."
        out({"schema_version": 1, **feed_json(feed), "revoked": True}, as_json, [told])
