"""Words and marks of schedules: rules as people say them, what became of dates."""

from __future__ import annotations

from bc_lib.domain.schedules.values import Outcome, Schedule, ScheduleState, Spec
from bc_lib.domain.words import capital
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import duration

STATES = {
    ScheduleState.ACTIVE: Mark(key="go", word="Active", meaning="its dates become requests"),
    ScheduleState.PAUSED: Mark(key="over", word="Paused", meaning="its dates become no requests until it is resumed"),
    ScheduleState.REMOVED: Mark(key="never", word="Removed", meaning="ended for good, kept for the record"),
}
OUTCOMES = {
    Outcome.REQUESTED: Mark(key="agreed", word="Requested", meaning="a request was made; people decide about it"),
    Outcome.MISSED: Mark(key="no", word="Missed", meaning="nobody looked in time, so no request was made"),
    Outcome.REFUSED: Mark(key="no", word="Refused", meaning="there could be no request then"),
    Outcome.SKIPPED: Mark(key="over", word="Skipped", meaning="it fell into a blackout"),
}
COMING = Mark(key="wait", word="Scheduled", meaning="a request will be made; nothing happens without people")
SKIPS = Mark(key="over", word="Will be skipped", meaning="it falls into a blackout")
DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
NUMBERS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
UNITS = {
    "MINUTELY": ("minute", "minutes"),
    "HOURLY": ("hour", "hours"),
    "DAILY": ("day", "days"),
    "WEEKLY": ("week", "weeks"),
    "MONTHLY": ("month", "months"),
    "YEARLY": ("year", "years"),
}


def what(spec: Spec) -> str:
    """`Rehearsal of payments`."""
    return capital(spec.what)


def when(schedule: Schedule) -> str:
    """`Every month on the first Sunday at 10:00, Europe/Amsterdam, from 2027-01-03`."""
    spec = schedule.spec
    if spec.rule is None:
        return f"Once, on {spec.starts:%Y-%m-%d} at {spec.starts:%H:%M}, {spec.zone}"
    said = rule_words(spec.rule)
    if said is None:
        return f"{spec.rule}, from {spec.starts:%Y-%m-%d %H:%M}, {spec.zone}"
    passing = spec.rule.startswith(("FREQ=MINUTELY", "FREQ=HOURLY"))
    hour = "" if passing else f" at {spec.starts:%H:%M}"
    begins = f"{spec.starts:%Y-%m-%d %H:%M}" if passing else f"{spec.starts:%Y-%m-%d}"
    return f"{said}{hour}, {spec.zone}, from {begins}"


def rule_words(rule: str) -> str | None:
    """The usual rules in words; None for one that is better read as it stands."""
    parts = dict(piece.split("=", 1) for piece in rule.split(";") if "=" in piece)
    if parts.keys() - {"FREQ", "INTERVAL", "BYDAY"} or parts.get("FREQ") not in UNITS:
        return None
    number, (one, many) = int(parts.get("INTERVAL", "1")), UNITS[parts["FREQ"]]
    every = f"Every {one}" if number == 1 else f"Every {number} {many}"
    days = [_day(each) for each in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    if not days:
        return every
    if None in days or (len(days) > 1 and any(each.startswith("the ") for each in days if each)):
        return None
    return f"{every} on {' and '.join(str(each) for each in days)}"


def _day(text: str) -> str | None:
    """`1SU` -> `the first Sunday`."""
    number, day = text[:-2], DAYS.get(text[-2:])
    if day is None or (number and number not in NUMBERS):
        return None
    return f"the {NUMBERS[number]} {day}" if number else day


def lasts(spec: Spec) -> str:
    """How long its group is spoken for."""
    return f"{duration(spec.busy_s)} from each date"
