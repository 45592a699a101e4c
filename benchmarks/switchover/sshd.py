"""An SSH server on loopback for repmgr, run by the servers' account itself: no root, no PAM, one key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bc_lib.runtime.portpick import HOST
from benchmarks.switchover.ground import Ground, wait
from benchmarks.switchover.result import Failed


@dataclass(frozen=True, slots=True)
class Ssh:
    """How to reach it: the client's program and its options, as one would type them."""

    client: Path
    options: str

    def command(self, *words: str | Path) -> list[str]:
        """A command line that runs `words` on the other side."""
        return [str(self.client), *self.options.split(), HOST, *map(str, words)]


def start_sshd(ground: Ground, root: Path, environment: dict[str, str]) -> Ssh:
    """Start it from the unpacked packages below `root` and log in; `environment`: of each session. Raises Failed."""
    folder, port = ground.folder("ssh"), ground.port()
    if any(character.isspace() for character in str(folder)):
        raise Failed("repmgr's ssh options cannot name a folder with a space in it")
    for key in ("host", "user"):
        make = (root / "usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key)
        ground.run(make, environment)
    lines = {
        "Port": port,
        "ListenAddress": HOST,
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "UsePAM": "no",
        "StrictModes": "no",  # the key lies below a folder that is not the account's home
        "PidFile": "none",
        "SetEnv": " ".join(f"{key}={value}" for key, value in environment.items()),
    }
    text = "".join(f"{key} {value}\n" for key, value in lines.items())
    configuration = ground.file(folder / "sshd.conf", text, 0o600)
    ground.start(ground.root / "sshd.log", [root / "usr/sbin/sshd", "-D", "-e", "-f", configuration], environment)
    options = (
        f"-q -p {port} -i {folder}/user -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
        "-o ConnectTimeout=5"
    )
    ssh = Ssh(root / "usr/bin/ssh", options)

    def logs_in() -> bool:
        try:
            ground.run(ssh.command("true"), environment)
        except Failed:
            return False
        return True

    wait("the first login over ssh", logs_in, 15, 0.3)
    return ssh
