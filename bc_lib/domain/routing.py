"""Which channels a notice reaches (decision 12): by tier and environment, never from non-production to production."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.alerts import Notice
from bc_lib.domain.inventory import Channel, Environment, Route


def may_reach(environment: Environment, channel: Channel) -> bool:
    """Whether resources of this environment may use this channel at all, whatever the routes say."""
    return environment.production or not channel.production


def route(notice: Notice, channels: Iterable[Channel], routes: Iterable[Route]) -> tuple[str, ...]:
    """Names of the channels, each once, in the order of the routes. Channels that do not exist are left out."""
    allowed = {channel.name for channel in channels if may_reach(notice.environment, channel)}
    wanted = (
        name
        for line in routes
        if notice.tier in line.tiers and notice.environment in line.environments
        for name in line.channels
    )
    return tuple(dict.fromkeys(name for name in wanted if name in allowed))
