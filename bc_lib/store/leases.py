"""Exclusive leases by the database's clock."""

from __future__ import annotations

from sqlalchemy import Engine, text

from bc_lib.ports.monitoring import Lease, LeaseLost

# The row's lock decides who is first; the clock is read after it is held. A holder that asks again
# (its answer was lost) gets a new epoch, which makes the old one worthless.
ACQUIRE = """
INSERT INTO bc.lease AS held (name, holder, epoch, expires_at)
VALUES (:name, :holder, 1, bc.now() + make_interval(secs => :ttl_s))
ON CONFLICT (name) DO UPDATE
SET holder = excluded.holder, epoch = held.epoch + 1, acquired_at = bc.now(),
    expires_at = bc.now() + make_interval(secs => :ttl_s)
WHERE held.expires_at <= bc.now() OR held.holder = excluded.holder
RETURNING epoch
"""
OURS = "name = :name AND holder = :holder AND epoch = :epoch AND expires_at > bc.now()"
RENEW = f"UPDATE bc.lease SET expires_at = bc.now() + make_interval(secs => :ttl_s) WHERE {OURS}"  # noqa: S608 - constants
RELEASE = f"UPDATE bc.lease SET expires_at = bc.now() WHERE {OURS}"  # noqa: S608 - constants


class Leases:
    """Implements ports.monitoring.Leases as role bc_poller or bc_runner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def acquire(self, name: str, holder: str, ttl_s: float) -> Lease | None:
        """Take a free or expired lease; None while somebody else holds it."""
        with self._engine.begin() as connection:
            epoch = connection.execute(text(ACQUIRE), {"name": name, "holder": holder, "ttl_s": ttl_s}).scalar()
        return None if epoch is None else Lease(name, holder, int(epoch), ttl_s)

    def renew(self, lease: Lease) -> None:
        """Extend by its ttl. Raises LeaseLost when it is no longer ours, expired included."""
        if not self._change(RENEW, lease, ttl_s=lease.ttl_s):
            raise LeaseLost(f"{lease.holder} no longer holds the lease {lease.name} (epoch {lease.epoch}).")

    def release(self, lease: Lease) -> None:
        """Give it back at once. The row stays, so that its epoch is never used again."""
        self._change(RELEASE, lease)

    def _change(self, statement: str, lease: Lease, **more: float) -> bool:
        given = {"name": lease.name, "holder": lease.holder, "epoch": lease.epoch, **more}
        with self._engine.begin() as connection:
            return connection.execute(text(statement), given).rowcount == 1
