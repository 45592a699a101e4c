"""A filter of the audit log from the words of an address or a command: each counts, or is refused with what is wrong.

Page, export and command share these names, so that what a person sees is what they take away (FR-042).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.domain.requests.states import RequestType

FIELDS = ("from", "to", "system", "request", "type", "target", "person", "outcome", "upto")
TYPES = tuple(kind.value for kind in RequestType)
OUTCOMES = ("Succeeded", "Failed", "Cancelled", "Expired", "Rejected", "completed", "failed", "denied")
"""Offered; any other outcome and the code of a refusal may be asked for as well."""

LONGEST_NAME = 100


class WrongFilter(ValueError):
    """A word of a filter that cannot be meant; `str()` of it is the sentence."""


def filter_from(words: Mapping[str, str]) -> AuditFilter:
    """The filter that `words` ask for; days are UTC and the last one is included. Empty words ask for nothing.

    Raises WrongFilter for a name that is none of FIELDS, and for a value that cannot be meant.
    """
    for name in words:
        if name not in FIELDS:
            raise WrongFilter(f"There is no filter {name!r}; there are {', '.join(FIELDS)}.")
    start, end = _day(words, "from"), _day(words, "to")
    if start and end and start > end:
        raise WrongFilter(f"The range ends ({end}) before it begins ({start}).")
    try:
        following = end + timedelta(days=1) if end else None
    except OverflowError as error:
        raise WrongFilter(f"to={end} is too far ahead.") from error
    return AuditFilter(
        start=_midnight(start),
        end=_midnight(following),
        system=_name(words, "system"),
        upto=_number(words, "upto"),
        request=_name(words, "request"),
        request_type=request_type(words.get("type") or None),
        target=_name(words, "target"),
        person=_name(words, "person"),
        outcome=_name(words, "outcome"),
    )


def request_type(text: str | None) -> str | None:
    """A type of request, in any letter case. Raises WrongFilter."""
    if text is not None and text.lower() not in TYPES:
        raise WrongFilter(f"type={text!r} is no type of request; there are {', '.join(TYPES)}.")
    return text.lower() if text else None


def words_of(wanted: AuditFilter) -> dict[str, str]:
    """The words that `filter_from` turns into `wanted`, but for times that are no whole days."""
    last = (wanted.end - timedelta(days=1)).date() if wanted.end else None
    values: dict[str, object] = {
        "from": wanted.start.date() if wanted.start else None,
        "to": last,
        "system": wanted.system,
        "request": wanted.request,
        "type": wanted.request_type,
        "target": wanted.target,
        "person": wanted.person,
        "outcome": wanted.outcome,
        "upto": wanted.upto,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def file_stem(wanted: AuditFilter, now: datetime, form: str) -> str:
    """A file's name without its ending: the filter, the form, the moment, so that no export replaces another."""
    parts = [re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in _parts(wanted)]
    named = "-".join(part for part in parts if part)[:LONGEST_NAME]
    return "-".join(part for part in ("audit", named, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", form) if part)


def _parts(wanted: AuditFilter) -> Iterator[str]:
    words = words_of(wanted)
    for name in ("system", "request", "type"):
        yield words.get(name, "")
    yield f"to-{words['target']}" if "target" in words else ""
    for name in ("person", "outcome"):
        yield words.get(name, "")
    yield f"from-{words['from']}" if "from" in words else ""
    yield f"until-{words['to']}" if "to" in words else ""


def _day(words: Mapping[str, str], name: str) -> date | None:
    text = words.get(name) or None
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongFilter(f"{name}={text!r} is no date; write it as 2026-11-23.") from error


def _name(words: Mapping[str, str], name: str) -> str | None:
    text = words.get(name) or None
    if text is not None and (len(text) > MAX_LENGTH or not text.isprintable()):
        raise WrongFilter(f"{name} is a name of at most {MAX_LENGTH} printable characters.")
    return text


def _number(words: Mapping[str, str], name: str) -> int | None:
    text = words.get(name) or None
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise WrongFilter(f"{name}={text!r} is no number of a record.")
    return int(text)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
