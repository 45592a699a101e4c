"""Senders of notices. `make_notifier` gives the one that finds the right sender by a channel's URL."""

from __future__ import annotations

from bc_lib.integrations.notifications.dispatch import make_notifier

__all__ = ["make_notifier"]
