"""A server's answer as bytes, and the text in it: one value in another encoding must not cost its neighbours.

The server neither checks nor converts what it sends as bytes. A setting in a file, a database's or an extension's name
may hold bytes that are no text in the database's encoding; such a value is recognised here, alone.
"""

from __future__ import annotations

import json
from typing import Any

MAX_TEXT = 500


def load(raw: bytes, server_encoding: str) -> dict[str, Any]:
    """The object in `raw`; what could not be decoded stays in it, and `readable` tells.

    Raises ValueError or TypeError.
    """
    try:
        text = raw.decode(_codec(server_encoding), "surrogateescape")
    except (LookupError, UnicodeError):
        text = raw.decode("ascii", "surrogateescape")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def readable(value: Any) -> bool:
    """False for text with bytes in it that could not be decoded."""
    return not (isinstance(value, str) and any("\udc80" <= char <= "\udcff" for char in value))


def text(value: Any) -> str:
    """Text of a server is foreign text: one printable line of bounded length."""
    return "".join(char if char.isprintable() else "?" for char in str(value)[:MAX_TEXT])


def text_or_none(value: Any) -> str | None:
    """As `text`; None where it is absent or not readable, so that nothing is compared with half a name."""
    return None if value is None or not readable(value) else text(value)


def _codec(server_encoding: str) -> str:
    """Python's name of PostgreSQL's encoding. SQL_ASCII promises nothing, so that UTF-8 is tried."""
    name = server_encoding.upper()
    if name in {"UTF8", "SQL_ASCII", ""}:
        return "utf-8"
    return name.replace("WIN", "cp", 1).replace("KOI8", "koi8_", 1).replace("EUC_CN", "gb2312", 1)
