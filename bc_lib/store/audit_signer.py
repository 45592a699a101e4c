"""Signs of life of the signer, and what is not sealed yet."""

from __future__ import annotations

from sqlalchemy import Engine, text

from bc_lib.ports.audit import SealState
from bc_lib.store.codec import dumps

COMPONENT = "audit-signer"
MOST = 2**63 - 1
BEAT = """
INSERT INTO bc.component_beat (component, instance, beat_at, details)
VALUES (:component, :instance, bc.now(), CAST(:details AS jsonb))
ON CONFLICT (component, instance) DO UPDATE SET beat_at = excluded.beat_at, details = excluded.details
"""
STATE = """
WITH beat AS (SELECT * FROM bc.component_beat WHERE component = :component ORDER BY beat_at DESC LIMIT 1),
sealed AS (SELECT least(coalesce((SELECT CAST(details->>'signed_to' AS bigint) FROM beat), 0), :places) AS upto)
SELECT clock_timestamp() AS now, b.beat_at, s.upto AS signed_to,
    b.details->>'refused' AS refused, b.details->>'missed' AS missed, h.seq AS written_to,
    (SELECT CAST(r.at AS timestamptz) FROM bc_audit.record r WHERE r.seq > s.upto ORDER BY r.seq LIMIT 1)
        AS unsealed_since
FROM bc_audit.head h CROSS JOIN sealed s LEFT JOIN beat b ON true
"""


class SignerBeat:
    """Implements ports.audit.SignerBeat as bc_signer (beat) or any role that reads the log (state)."""

    def __init__(self, engine: Engine, instance: str = "0") -> None:
        self._engine = engine
        self._instance = instance

    def beat(self, signed_to: int, refused: str | None, missed: str | None = None) -> None:
        """See the port. Health shows `last_error`."""
        details = dumps({"signed_to": signed_to, "last_error": refused or missed, "refused": refused, "missed": missed})
        with self._engine.begin() as connection:
            connection.execute(text(BEAT), {"component": COMPONENT, "instance": self._instance, "details": details})

    def state(self, places: int | None = None) -> SealState:
        """See the port."""
        given = {"component": COMPONENT, "places": MOST if places is None else places}
        with self._engine.connect() as connection:
            row = connection.execute(text(STATE), given).one()
        return SealState(
            now=row.now,
            beat_at=row.beat_at,
            signed_to=int(row.signed_to),
            refused=row.refused,
            written_to=int(row.written_to),
            unsealed_since=row.unsealed_since,
            missed=row.missed,
        )
