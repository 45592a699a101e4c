"""What is said where something could not be read or done: a database that is away is one thing, a fault another."""

from __future__ import annotations

AWAY = "The shared database does not answer"
UNREAD = "Not known: it could not be read."


def fault(error: Exception) -> str:
    """What nobody foresaw, as a clause without an end; it is never called the database's fault."""
    return f"Something in this program went wrong ({type(error).__name__}; its log says more)"
