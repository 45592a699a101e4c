"""`bcctl poll`: the same poller window without Airflow (decision 14: the tool outlives Airflow)."""

from __future__ import annotations

from typing import Annotated

import typer


def poll(
    shard: Annotated[int, typer.Option(help="Shard to watch.")] = 0,
    shards: Annotated[int, typer.Option(help="Number of shards.")] = 1,
    seconds: Annotated[float, typer.Option(help="Length of the window.")] = 600.0,
) -> None:
    """Watch one shard for a window, as soon as its lease is free. Ctrl-C hands over at once."""
    from bc_lib import jobs

    typer.echo(jobs.poll_window(shard, shards, window_s=seconds), err=True)
