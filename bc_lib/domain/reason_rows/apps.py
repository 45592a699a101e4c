"""Reason codes. Applications over HTTP."""

from __future__ import annotations

from typing import Final

from bc_lib.domain.reason_rows.words import NO, WHO, B, R, Row

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    ("APP_DOWN", R, NO, None, "Application not serving",
     "The application's host refused the connection: as seen from here nothing serves there.",
     "Start the application, or check its listener.",
     "HTTP"),
    ("APP_ERROR", R, NO, None, "Application answers with an error",
     "The health address answered, but not with a 2xx status.",
     "Read the application's log.",
     "HTTP"),
    ("APP_BLIND", B, WHO, None, "Application not visible",
     "No answer in time. There is no second vantage point for an application, so it is not called down.",
     "Check the network between the monitor and that site.",
     "HTTP"),
    ("APP_DR_NOT_READY", None, NO, NO, "Other site not serving",
     "The application at the other site was seen and does not serve, so there is nothing to move to.",
     "Bring the application up at the other site.",
     "HTTP"),
    ("APP_DR_UNKNOWN", None, WHO, WHO, "Other site not visible",
     "Whether the application at the other site would serve is not known.",
     "Check the network between the monitor and that site.",
     "HTTP"),
    ("DEPENDENCY", None, None, None, "Depends on something unhealthy",
     "A resource or group it depends on is not green. Shown when the status is read.",
     "Look at the dependency first.",
     "inventory; current status"),
)
