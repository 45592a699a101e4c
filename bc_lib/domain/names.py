"""Names of resources, groups, sites, nodes and channels.

One narrow alphabet everywhere, so that a name can never carry a quote, a separator, a control
character or a look-alike into SQL, a shell, a URL, a mail header or an Airflow run id.
"""

from __future__ import annotations

import re

PATTERN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z", re.ASCII)
MAX_LENGTH = 63
MAX_TEXT = 200


class InvalidName(ValueError):
    """A name outside the alphabet; the message says what is allowed."""


def check_name(kind: str, name: str) -> str:
    """Return `name` when it is allowed, else raise InvalidName with one sentence."""
    if len(name) > MAX_LENGTH or not PATTERN.match(name):
        shown = ascii(name[:MAX_LENGTH])
        raise InvalidName(
            f"{kind} name {shown} is not allowed: use a-z, 0-9 and single hyphens, "
            f"beginning with a letter, at most {MAX_LENGTH} characters."
        )
    return name


def check_text(kind: str, text: str) -> str:
    """Free text for people (owner, title): printable, one line, no direction marks. Raises InvalidName."""
    if len(text) > MAX_TEXT or not text.strip() or not text.isprintable():
        raise InvalidName(f"{kind} {text[:40]!a} is not allowed: one line of 1 to {MAX_TEXT} printable characters.")
    return text
