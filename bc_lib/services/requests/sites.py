"""Which site of a resource or group somebody means: by its name, or by the title that people read."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.inventory import Resource
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.domain.requests.refusals import refusal


def site_meant(scope: str, members: Iterable[Resource], said: str) -> str:
    """The name of the site that is said, by name or by title; what is neither is given back for the service to refuse.
    Raises Denial SITE_AMBIGUOUS."""
    titles = {site: each.title(site) for each in members for site in (each.home_site, each.dr_site)}
    if said in titles:
        return said
    meant = [site for site, title in titles.items() if title.casefold() == said.strip().casefold()]
    if len(meant) > 1:
        raise refusal("SITE_AMBIGUOUS", scope=scope, site=ascii(said[:MAX_LENGTH]), sites=" or ".join(meant))
    return meant[0] if meant else said


def check_site(scope: str, each: Resource, site: str) -> None:
    """Raises Denial TARGET_SITE_UNKNOWN."""
    sites = (each.home_site, each.dr_site)
    if site not in sites:
        known = " and ".join(name if (title := each.title(name)) == name else f"{name} ({title})" for name in sites)
        raise refusal("TARGET_SITE_UNKNOWN", scope=scope, site=ascii(site[:MAX_LENGTH]), sites=known)
