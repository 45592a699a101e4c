"""Calendar feeds: a person's own address, opened by a token that only they were shown, until it is revoked (FR-050)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.names import MAX_TEXT, InvalidName, check_text
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.schedules.icalendar import calendar_text
from bc_lib.ports.recurrence import Recurrence
from bc_lib.ports.schedules import Feed
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Subject, acting, refused
from bc_lib.services.schedules.feed_events import feed_events

MOST_FEEDS = 10
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed just made. `address` holds the token, which is nowhere else: show it once."""

    feed: Feed
    address: str


def add_feed(gate: Gate, actor: Actor, title: str) -> NewFeed:
    """A feed of one's own. Raises Denial."""
    with acting(gate, actor, Verb.CALENDAR_FEED, Subject()) as act:
        try:
            check_text("title", title)
        except InvalidName as error:
            raise refusal("TEXT_INVALID", field="title", most=MAX_TEXT) from error
        schedules = act.work.schedules
        standing = _standing(schedules.feeds(act.person.id))
        if len(standing) >= MOST_FEEDS:
            raise refusal("TOO_MANY_FEEDS", count=len(standing))
        token = secrets.token_urlsafe(32)
        number = schedules.add_feed(actor, digest_of(token), title)
        made = next(each for each in schedules.feeds(act.person.id) if each.id == number)
        act.record("schedule.feed-add", "added", payload={"feed": number, "title": title})
        return NewFeed(feed=made, address=f"{gate.base_url}/calendar/{token}.ics")


def revoke_feed(gate: Gate, actor: Actor, number: int) -> Feed:
    """Its address opens nothing from now on. One's own; an administrator may revoke anybody's. Raises Denial."""
    with acting(gate, actor, Verb.CALENDAR_FEED, Subject()) as act:
        everybody = Role.ADMIN in act.roles
        found = _standing(act.work.schedules.feeds(None if everybody else act.person.id))
        feed = next((each for each in found if each.id == number), None)
        if feed is None:
            raise refusal("UNKNOWN_FEED", feed=number)
        act.work.schedules.revoke_feed(number)
        payload = {"feed": number, "title": feed.title, "of": feed.name}
        act.record("schedule.feed-revoke", "revoked", payload=payload)
        return feed


def list_feeds(gate: Gate, actor: Actor) -> Sequence[Feed]:
    """One's own that stand, newest first; an administrator sees everybody's. Raises Denial."""
    with acting(gate, actor, Verb.READ, Subject()) as act:
        return _standing(act.work.schedules.feeds(None if Role.ADMIN in act.roles else act.person.id))


def open_feed(gate: Gate, calendar: Recurrence, token: str) -> str:
    """The calendar behind a token. Unknown, revoked, or of somebody who is switched off: the same Denial, audited."""
    found = gate.store.read.schedules.feed_of(digest_of(token)) if TOKEN.match(token) else None
    if found is None:
        denial: Denial = refusal("FEED_CLOSED")
        refused(gate, _stranger(gate), Verb.READ, denial, "calendar-feed")
        raise denial
    return calendar_text(found.title, feed_events(gate, calendar))


def digest_of(token: str) -> str:
    """What is stored of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _standing(feeds: Sequence[Feed]) -> list[Feed]:
    return [each for each in feeds if each.revoked_at is None]


def _stranger(gate: Gate) -> Actor:
    """Whoever holds a wrong token; all of them together, so that guessing fills no log."""
    now = gate.store.read.now()
    return Actor(issuer="calendar-feed", subject="unknown", display_name="a calendar program", roles=frozenset(),
                 how="token", at=now, channel="feed")  # fmt: skip
