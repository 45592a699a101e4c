"""Schedules: versions that bc_ui adds, and what bc_runner records of their dates."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from bc_lib.domain.actor import Actor
from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.schedules.values import (
    Blackout,
    Outcome,
    Past,
    PreNotice,
    Schedule,
    ScheduleState,
    Spec,
    Tag,
    spec_json,
)
from bc_lib.ports.schedules import Feed
from bc_lib.store import schedules_sql as sql

# Runs one statement that returns rows.
Ask = Callable[..., Sequence[Row[Any]]]


class Schedules:
    """Implements ports.schedules.ScheduleWork over `ask`, which belongs to a transaction or opens one for reading."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def list(self, *, removed: bool = False) -> Sequence[Schedule]:
        """The newest version of each."""
        return [_schedule(row) for row in self._ask(sql.NEWEST, removed=removed)]

    def get(self, schedule: str) -> Schedule:
        """The newest version. Raises Denial UNKNOWN_SCHEDULE."""
        return self.versions(schedule)[-1]

    def versions(self, schedule: str) -> Sequence[Schedule]:
        """Every version, oldest first."""
        found = self._ask(sql.ONE, schedule=schedule)
        if not found:
            raise refusal("UNKNOWN_SCHEDULE", schedule=ascii(schedule[:20]).strip("'"))
        return [_schedule(row) for row in found]

    def by_key(self, actor: Actor, key: str) -> Schedule | None:
        """What was stored with this key."""
        found = self._ask(sql.BY_KEY, issuer=actor.issuer, subject=actor.subject, key=key)
        return _schedule(found[0]) if found else None

    def last_due(self, schedule: str) -> datetime | None:
        """The latest date that was dealt with."""
        asked = "SELECT max(due_at) FROM bc.schedule_occurrence WHERE schedule = :schedule"
        found: datetime | None = self._ask(asked, schedule=schedule)[0][0]
        return found

    def past(
        self,
        schedule: str | None = None,
        limit: int = 50,
        *,
        after: datetime | None = None,
        upto: datetime | None = None,
    ) -> Sequence[Past]:
        """What became of dates."""
        found = self._ask(sql.PAST, schedule=schedule, limit=limit, after=after, upto=upto)
        return [_past(row) for row in found]

    def told(self, schedule: str, after: datetime) -> Sequence[tuple[datetime, PreNotice]]:
        """Pre-notices sent."""
        found = self._ask(sql.TOLD, schedule=schedule, after=after)
        return [(row.due_at, PreNotice(channel=row.channel, lead_s=row.lead_s)) for row in found]

    def blackouts(self, *, ended: bool = False) -> Sequence[Blackout]:
        """Blackouts."""
        return [_blackout(row) for row in self._ask(sql.BLACKOUTS, ended=ended)]

    def feeds(self, person: int | None = None) -> Sequence[Feed]:
        """Feeds, newest first."""
        where = "WHERE CAST(:person AS bigint) IS NULL OR p.id = :person ORDER BY f.id DESC"
        return [_feed(row) for row in self._ask(sql.FEEDS + where, person=person)]

    def feed_of(self, digest: str) -> Feed | None:
        """The feed that a token opens."""
        where = "WHERE f.digest = :digest AND f.revoked_at IS NULL AND NOT p.disabled"
        found = self._ask(sql.FEEDS + where, digest=digest)
        return _feed(found[0]) if found else None

    def lock(self) -> None:
        """Editors one after the other."""
        self._ask("SELECT bc.take_turn('schedule editors')")

    def store(
        self, actor: Actor, spec: Spec, state: ScheduleState, key: str, note: str, before: Schedule | None = None
    ) -> Schedule:
        """A version."""
        said = spec_json(spec)
        scope = said.pop("scope")
        given = {
            **said,
            "starts": spec.starts,
            "notices": json.dumps(said["notices"]),
            "scope_kind": scope["kind"],
            "scope_name": scope["name"],
            "schedule": before.id if before else "s-0",
            "version": before.version + 1 if before else 1,
            "state": state.value,
            "issuer": actor.issuer,
            "subject": actor.subject,
            "key": key,
            "note": note,
        }
        return self.get(str(self._ask(sql.STORE, **given)[0][0]))

    def settle(
        self, version: Schedule, due_at: datetime, outcome: Outcome, code: str | None, because: str | None
    ) -> bool:
        """What becomes of a date."""
        given = {"schedule": version.id, "due_at": due_at, "version": version.version}
        because = because[:1000] if because else None
        return bool(self._ask(sql.SETTLE, outcome=outcome.value, code=code, because=because, **given))

    def tell_once(self, version: Schedule, due_at: datetime, notice: PreNotice) -> bool:
        """A pre-notice is sent."""
        given = {"schedule": version.id, "due_at": due_at, "version": version.version}
        return bool(self._ask(sql.TELL_ONCE, channel=notice.channel, lead_s=notice.lead_s, **given))

    def add_blackout(
        self, actor: Actor, schedule: str | None, first: date, last: date, zone: str, reason: str
    ) -> Blackout:
        """A blackout."""
        given = {"schedule": schedule, "first": first, "last": last, "zone": zone, "reason": reason}
        number = self._ask(sql.ADD_BLACKOUT, issuer=actor.issuer, subject=actor.subject, **given)[0][0]
        return next(each for each in self.blackouts() if each.id == number)

    def end_blackout(self, actor: Actor, number: int) -> None:
        """It ends. Raises Denial UNKNOWN_BLACKOUT."""
        if not self._ask(sql.END_BLACKOUT, id=number, issuer=actor.issuer, subject=actor.subject):
            raise refusal("UNKNOWN_BLACKOUT", blackout=number)

    def add_feed(self, actor: Actor, digest: str, title: str) -> int:
        """A feed."""
        added = """INSERT INTO bc.calendar_feed (digest, title, issuer, subject)
            VALUES (:digest, :title, :issuer, :subject) RETURNING id"""
        return int(self._ask(added, digest=digest, title=title, issuer=actor.issuer, subject=actor.subject)[0][0])

    def revoke_feed(self, number: int) -> None:
        """It opens nothing any more."""
        self._ask("UPDATE bc.calendar_feed SET revoked_at = bc.now() WHERE id = :id RETURNING id", id=number)


def _schedule(row: Any) -> Schedule:
    return Schedule(
        id=row.schedule,
        version=row.version,
        state=ScheduleState(row.state),
        spec=Spec(
            title=row.title,
            type=RequestType(row.type),
            scope=Scope(kind=row.scope_kind, name=row.scope_name),
            reason=row.reason,
            zone=row.zone,
            starts=row.starts,
            rule=row.rule,
            drill=row.drill,
            tag=Tag(row.tag) if row.tag else None,
            target_site=row.target_site,
            site_title=row.site_title or "",
            ticket=row.ticket,
            lasts_s=row.lasts_s,
            catch_up_s=row.catch_up_s,
            window_after_s=row.window_after_s,
            window_s=row.window_s,
            notices=tuple(PreNotice(channel=each["channel"], lead_s=float(each["lead_s"])) for each in row.notices),
        ),
        editor=row.editor,
        editor_name=row.editor_name,
        issuer=row.issuer,
        subject=row.subject,
        at=row.at,
        note=row.note,
    )


def _past(row: Any) -> Past:
    return Past(
        schedule=row.schedule,
        due_at=row.due_at,
        version=row.version,
        outcome=Outcome(row.outcome),
        code=row.code,
        because=row.because,
        at=row.at,
        request=row.request,
    )


def _blackout(row: Any) -> Blackout:
    return Blackout(
        id=row.id,
        schedule=row.schedule,
        first_day=row.first_day,
        last_day=row.last_day,
        zone=row.zone,
        reason=row.reason,
        by=row.by_name,
        ended_at=row.ended_at,
    )


def _feed(row: Any) -> Feed:
    return Feed(id=row.id, title=row.title, person=row.person, name=row.name, at=row.at, revoked_at=row.revoked_at)
