"""repmgr without its daemon: `repmgr standby switchover` on the standby, which reaches the primary's node over ssh."""

from __future__ import annotations

from pathlib import Path

from benchmarks.switchover.ground import SETTINGS, Ground
from benchmarks.switchover.servers import plain_server
from benchmarks.switchover.sshd import Ssh, start_sshd

MAJOR = "15"


class RepmgrPair:
    """Two servers that repmgr knows; pg_ctl starts and stops them, over ssh, as repmgr's manual has it."""

    def __init__(self, ground: Ground, root: Path, libraries: Path | None) -> None:
        """`root`: the unpacked packages. Raises Failed, ServerFailed, psycopg.Error."""
        self.ground = ground
        self.programs = root / "usr" / "lib" / "postgresql" / MAJOR / "bin"
        path = f"{self.programs}:{root / 'usr/bin'}:/usr/bin:/bin"
        more = {"LD_LIBRARY_PATH": str(libraries)} if libraries else {}
        self.environment = {"PATH": path, "LC_ALL": "C.UTF-8", "PGPASSFILE": str(ground.passfile), **more}
        self.versions = self._run("repmgr", "--version").strip()
        self.ssh = start_sshd(ground, root, self.environment)
        self.data, self.files = {}, {}
        for number in (1, 2):
            port = ground.port()
            self.data[port] = ground.folder(f"node{number}") / "data"
            self.files[port] = self._configure(number, port, self.ssh)
        one, two = self.data
        self.ports = (one, two)
        self._make_primary(one, libraries)
        self._make_standby(two, one)

    def ready(self, leader: int) -> bool:
        """repmgr looks at the servers at each command; it keeps no view of its own without its daemon."""
        return leader in self.files

    def switch_over(self, leader: int) -> None:
        """The command of its manual, on the standby."""
        (standby,) = (port for port in self.ports if port != leader)
        self._run("repmgr", "-f", self.files[standby], "standby", "switchover")

    def _make_primary(self, port: int, libraries: Path | None) -> None:
        maker = plain_server(self.ground, self.data[port].parent.name, self.programs, libraries)
        maker.init(self.ground.password)
        lines = {
            **SETTINGS,
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_preload_libraries": "repmgr",
        }
        self._append(port, "".join(f"{key} = '{value}'\n" for key, value in lines.items()))
        self._start(port)
        with self.ground.connect(port) as connection:
            connection.execute("CREATE ROLE repmgr SUPERUSER REPLICATION LOGIN")
            password = connection.pgconn.encrypt_password(
                self.ground.password.encode(), b"repmgr", b"scram-sha-256"
            ).decode()
            connection.execute(f"ALTER ROLE repmgr PASSWORD '{password}'")
            connection.execute("CREATE DATABASE repmgr OWNER repmgr")
        self._run("repmgr", "-f", self.files[port], "primary", "register")

    def _make_standby(self, port: int, source: int) -> None:
        where = ("-h", "127.0.0.1", "-p", str(source), "-U", "repmgr", "-d", "repmgr")
        self._run("repmgr", *where, "-f", self.files[port], "standby", "clone", "--fast-checkpoint")
        self._append(port, f"port = {port}\n")
        self._start(port)
        self._run("repmgr", "-f", self.files[port], "standby", "register")

    def _configure(self, number: int, port: int, ssh: Ssh) -> Path:
        control = f"{self.programs}/pg_ctl -D {self.data[port]}"
        log = f"-l {self.data[port].parent}/log"
        lines = {
            "node_id": number,
            "node_name": f"node{number}",
            "conninfo": f"host=127.0.0.1 port={port} user=repmgr dbname=repmgr connect_timeout=2 sslmode=disable",
            "data_directory": self.data[port],
            "pg_bindir": self.programs,
            "passfile": self.ground.passfile,
            "use_replication_slots": "yes",
            "ssh_options": ssh.options,
            "service_start_command": f"{control} -w {log} start",
            "service_stop_command": f"{control} -m fast -W stop",
            "service_restart_command": f"{control} -w {log} restart",
        }
        text = "".join(f"{key} = '{value}'\n" for key, value in lines.items())
        return self.ground.file(self.data[port].parent / "repmgr.conf", text)

    def _append(self, port: int, text: str) -> None:
        with (self.data[port] / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(text)

    def _start(self, port: int) -> None:
        # Over ssh like repmgr's own starts: the server then stands below the SSH server's init and is collected.
        log = self.data[port].parent / "log"
        start = (self.programs / "pg_ctl", "-w", "-D", self.data[port], "-l", log, "start")
        self.ground.run(self.ssh.command(*start), self.environment)

    def _run(self, program: str, *words: str | Path) -> str:
        return self.ground.run([self.programs / program, *words], self.environment)
