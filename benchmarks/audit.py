"""Figures of the audit log on a real PostgreSQL: append, verification, a 10,000-record export under a bare Python.

python -m benchmarks.audit [RECORDS]. Everything runs here on loopback with fsync on, data folder on this disk.
Exit code 1 where a goal is missed: append p95 < 5 ms, verification > 100,000 records/s, export verified.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bc_lib.domain.audit import AuditActor, AuditEntry, AuditFilter, Kind
from bc_lib.domain.audit_chain import verify_chain
from bc_lib.integrations.checkpoints.directory import CheckpointFolder, SignerFile
from bc_lib.integrations.checkpoints.keys import Ed25519Key, new_key, signature_fits
from bc_lib.runtime.account import server_account
from bc_lib.runtime.pg_binaries import find_bin
from bc_lib.runtime.pgserver import PgServer
from bc_lib.runtime.portpick import pick
from bc_lib.services.audit.checkpoint import Signer, sign_new
from bc_lib.services.audit.export import VERIFIER, Form, export
from bc_lib.services.audit.remembered import Witnesses
from bc_lib.services.audit.verify import verify_log
from bc_lib.store.admin import LOGIN_ROLES, initialise
from bc_lib.store.audit import OwnTransactionAuditLog, append
from bc_lib.store.audit_reading import AuditReader
from bc_lib.store.audit_signer import SignerBeat
from bc_lib.store.engine import make_engine

ACTOR = AuditActor(person="p-olga", issuer="https://id.example", subject="olga", name="Olga Operator")
APPENDS, EXPORTED = 500, 10_000
GOAL_MS, GOAL_RATE = 5.0, 100_000


def entry(number: int) -> AuditEntry:
    """A record of the size of a request's."""
    return AuditEntry(
        kind=Kind.RECORDED,
        verb="request.create",
        actor=ACTOR,
        channel="cli",
        system="orders-db",
        request_id=f"r-{number}",
        payload={
            "reason": "planned move to the other site",
            "target_site": "ams",
            "ticket": f"CHG{number:07d}",
            "lag_s": 0.4,
        },
    )


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act` took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main(records: int) -> int:
    """Print the figures; 0 where every goal is met."""
    with tempfile.TemporaryDirectory(prefix="bc-bench-") as name:
        root = Path(name)
        root.chmod(0o755)
        account = server_account()
        server = PgServer(find_bin(account, root / "bin"), root / "server" / "data", pick(58900, set()), account, {})
        server.init("superuser")
        server.start()
        try:
            return measure(server.port, root, records)
        finally:
            server.stop("fast")


def measure(port: int, root: Path, records: int) -> int:
    """Everything on the server at `port`."""
    initialise(f"postgresql://postgres:superuser@127.0.0.1:{port}/postgres", dict.fromkeys(LOGIN_ROLES, "x"))
    writer = make_engine(f"postgresql+psycopg://bc_ui:x@127.0.0.1:{port}/bc")
    reader = AuditReader(make_engine(f"postgresql+psycopg://bc_keeper:x@127.0.0.1:{port}/bc"))
    log = OwnTransactionAuditLog(writer)
    log.append(entry(0))
    whole = sorted(timed(lambda n=n: log.append(entry(n))) * 1000 for n in range(APPENDS))  # type: ignore[misc]
    inside = []
    for number in range(APPENDS):
        with writer.begin() as connection:
            connection.exec_driver_sql("SELECT 1")
            inside.append(timed(lambda n=number, c=connection: append(c, entry(n))) * 1000)  # type: ignore[misc]
    inside.sort()
    for number in range(0, records, 5000):
        with writer.begin() as connection:
            for place in range(number, min(number + 5000, records)):
                append(connection, entry(place))
    p95 = inside[int(APPENDS * 0.95)]
    print(f"append, inside the caller's transaction: median {statistics.median(inside):.2f} ms, p95 {p95:.2f} ms")
    late = whole[int(APPENDS * 0.95)]
    print(
        f"append with its own transaction, commit to disk: median {statistics.median(whole):.2f} ms, p95 {late:.2f} ms"
    )
    key, store = Ed25519Key(new_key()), CheckpointFolder(root / "checkpoints")
    signer = Signer(
        reader=reader,
        store=store,
        memory=SignerFile(root / "signer" / "last.json"),
        key=key,
        check=signature_fits,
        now=lambda: datetime.now(UTC),
    )
    print(f"sealing {records + 2 * APPENDS + 2:,} records at once: {timed(lambda: sign_new(signer)):.2f} s")
    with reader.snapshot() as snapshot:
        rows = list(snapshot.rows())
    pure = max(len(rows) / timed(lambda: verify_chain(rows)) for _ in range(3))
    witnesses = Witnesses(seal=SignerBeat(writer).state, memory=signer.memory)
    seconds = min(
        timed(lambda: verify_log(reader, store, signature_fits, [key.public], witnesses=witnesses)) for _ in range(3)
    )
    rate = len(rows) / seconds
    print(f"verification: {rate:,.0f} records/s with checkpoints and guards, {pure:,.0f}/s the chain alone")
    return exported(reader, log, store, root, key.public) | int(p95 >= GOAL_MS) | int(rate <= GOAL_RATE)


def exported(reader: AuditReader, log: OwnTransactionAuditLog, store: CheckpointFolder, root: Path, public: str) -> int:
    """Export EXPORTED records in each form and verify with the single file; 0 where it says sound."""
    code = 0
    for form in Form:
        began = time.perf_counter()
        made = export(reader, log, store, AuditFilter(upto=EXPORTED), form, actor=ACTOR, channel="cli")
        took = time.perf_counter() - began
        folder = root / form.value
        folder.mkdir()
        for name, content in made.files.items():
            (folder / name).write_bytes(content)
        command = ["python3", "-I", "-S", VERIFIER, f"audit.{form.value}", "--key", public]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        print(
            f"export of {made.records:,} as {form.value}: {took:.2f} s; {' '.join(command[:4])}: {done.stdout.strip()} "
            f"in {time.perf_counter() - began:.2f} s"
        )
        code |= done.returncode
    return code


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
