"""A notice as people read it: resource, tier, reason, figures, link.

Nothing from outside can forge a header or markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from bc_lib.domain.alerts import Notice, NoticeKind, Severity
from bc_lib.domain.mail_text import as_read, plain, rich
from bc_lib.domain.reasons import TABLE
from bc_lib.domain.words import clock, duration, one_line, size

__all__ = ["RenderedNotice", "one_line", "render"]

SUBJECT_LENGTH = 140

_WORDS = {
    NoticeKind.BREACH: "PROBLEM",
    NoticeKind.RECOVERY: "RECOVERED",
    NoticeKind.VISIBILITY_LOST: "NOT VISIBLE",
    NoticeKind.VISIBILITY_BACK: "VISIBLE AGAIN",
    NoticeKind.FLAPPING: "FLAPPING",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedNotice:
    """Text for one message. `priority` is one of gds_notification's words: low, normal, high, critical, emergency."""

    subject: str
    body: str
    body_html: str
    priority: str
    alert_name: str
    idempotency_id: str
    metadata: dict[str, str] = field(default_factory=dict)


def render(notice: Notice, base_url: str) -> RenderedNotice:
    """Subject, plain and HTML body, and the metadata of a notice."""
    word = _WORDS[notice.kind]
    title = TABLE[notice.code].title if notice.code in TABLE else notice.code
    subject = one_line(f"[{word}] {notice.resource} (tier {notice.tier}, {notice.environment.value}): {title}")[
        :SUBJECT_LENGTH
    ]
    rows = _rows(notice, word)
    link = f"{base_url.rstrip('/')}/resource?name={quote(notice.resource, safe='')}"
    return RenderedNotice(
        subject=subject,
        body=plain(notice.text, (), rows, link),
        body_html=rich(notice.text, (), rows, link),
        priority=_priority(notice),
        alert_name=notice.code,
        idempotency_id=notice.dedup_key,
        metadata={
            "kind": notice.kind.value,
            "severity": notice.severity.value,
            "resource": notice.resource,
            "tier": str(notice.tier),
            "environment": notice.environment.value,
            "code": notice.code,
            "incident": notice.incident,
            "occurred_at": notice.occurred_at.isoformat(),
            "link": link,
        },
    )


def _rows(notice: Notice, word: str) -> list[tuple[str, str]]:
    hint = TABLE[notice.code].hint if notice.code in TABLE else ""
    opening = notice.kind in {NoticeKind.BREACH, NoticeKind.VISIBILITY_LOST}
    rows = [
        ("State", word),
        ("Resource", notice.resource),
        ("Tier", str(notice.tier)),
        ("Environment", notice.environment.value),
        ("Reason", notice.code),
        ("Time", clock(notice.occurred_at)),
    ]
    rows += [
        (name, value)
        for key, figure in notice.figures.items()
        if (value := _figure(key, figure)) and (name := _label(key))
    ]
    return [(name, one_line(value)) for name, value in (*rows, *((("What to do", hint),) if hint and opening else ()))]


def _label(key: str) -> str:
    base = key.removesuffix("_s").removesuffix("_bytes")
    words = base.replace("_", " ")
    return words.upper() if words in {"rpo", "rto"} else words.capitalize()


def _figure(key: str, value: float | int | str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and key.endswith("_s"):
        return duration(float(value))
    return size(int(value)) if isinstance(value, (int, float)) and key.endswith("_bytes") else as_read(str(value))


def _priority(notice: Notice) -> str:
    if notice.severity is Severity.CRITICAL:
        return "critical" if notice.tier == 1 else "high"
    return "normal" if notice.severity is Severity.WARNING else "low"
