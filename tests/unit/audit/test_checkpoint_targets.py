"""BC_CHECKPOINTS as people write it, and checkpoints in syslog lines (decisions 9 and 13, SEC-004)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.integrations.checkpoints.syslog import parts
from bc_lib.integrations.checkpoints.syslog_lines import SyslogLines
from bc_lib.integrations.checkpoints.targets import (
    DirectoryTarget,
    InvalidTarget,
    S3Target,
    SyslogTarget,
    file_stem,
    read_targets,
)
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.audit import BrokenCheckpoints, DamagedCopies
from tests.fixtures.checkpoint_places import chain

SECRETS = Resolver({})


def test_all_kinds_in_one_setting(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    found = read_targets(
        "directory:/srv/a folder%2C two, s3://bucket/pre/fix?endpoint=https://s3.example:9000&retention_days=90"
        f"&credential=vault:kv/s3&region=eu-1&ca={ca},syslog+tls://log.example?ca={ca},"
        "syslog+tcp://127.0.0.1:5514, syslog+unix:///dev/log",
        SECRETS,
    )
    assert found == (
        DirectoryTarget(path=Path("/srv/a folder, two")),
        S3Target(
            bucket="bucket",
            prefix="pre/fix",
            credential="vault:kv/s3",
            endpoint="https://s3.example:9000",
            region="eu-1",
            ca=ca,
            retention_days=90,
        ),
        SyslogTarget(host="log.example", port=6514, ca=ca),
        SyslogTarget(host="127.0.0.1", port=5514, plain=True),
        SyslogTarget(path=Path("/dev/log")),
    )
    assert [target.name for target in found] == [
        "directory:/srv/a folder, two",
        "s3://bucket/pre/fix at s3.example:9000",
        "syslog+tls://log.example:6514",
        "syslog+tcp://127.0.0.1:5514",
        "syslog+unix:///dev/log",
    ]
    assert len({file_stem(target) for target in found}) == 5


D = "directory:/x,"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "read back"),
        ("syslog+unix:///dev/log", "read back"),
        ("directory:x", "absolute"),
        ("ftp://host", "no known kind"),
        (D + "directory:/x", "twice"),
        (D + "s3:///p?credential=env:K", "bucket"),
        (D + "s3://b", "secret reference"),
        (D + "s3://b?credential=hunter2", "secret reference"),
        (D + "s3://id:hunter2@b?credential=env:K", "credential=REFERENCE"),
        (D + "s3://b?credential=env:K&endpoint=http://s3.example", "https"),
        (D + "s3://b?credential=env:K&endpoint=https://id:hunter2@s3.example", "https"),
        (D + "s3://b?credential=env:K&retention_days=0", "retention_days"),
        (D + "s3://b?credential=env:K&retention=7", "parameters"),
        (D + "s3://b?credential=env:K&credential=env:L", "parameters"),
        (D + "s3://b?credential=vault:kv/a#b", "%23"),
        (D + "s3://b?credential=env:K&ca=/no/such/file", "ca="),
        (D + "syslog+tcp://log.example", "loopback"),
        (D + "syslog+tls://host:port", "no address"),
        (D + "syslog+tls:///path", "host"),
        (D + "syslog+tls://host?tls=off", "parameters"),
        (D + "syslog+unix://dev/log", "absolute"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str) -> None:
    """One sentence, and never the text that might be a secret."""
    with pytest.raises(InvalidTarget, match=words) as caught:
        read_targets(text, SECRETS)
    assert "hunter2" not in str(caught.value)


def test_http_is_for_loopback() -> None:
    assert read_targets("s3://b?credential=env:K&endpoint=http://127.0.0.1:9000", SECRETS)


def test_lines_in_any_order_in_any_wrapping_and_twice(tmp_path: Path) -> None:
    made = chain([60, 2, 90])
    texts = [part for checkpoint in made for part in parts(checkpoint)]
    lines = [f"Nov 24 02:00:01 host bcctl-audit[7]: {text}" for text in reversed(texts)]
    lines += [json.dumps({"message": text, "level": 5}) for text in texts]
    path = tmp_path / "lines"
    path.write_bytes("\n".join(lines).encode() + b"\n\xff\xfe bc-checkpoint v1 last=7 nonsense\n")
    store = SyslogLines(path)
    assert list(store.all()) == made
    assert list(store.all(60)) == made[1:]
    assert store.last() == made[-1]
    with pytest.raises(BrokenCheckpoints):
        store.publish(made[0])


def test_lost_and_contradicting_lines_are_told(tmp_path: Path) -> None:
    made = chain([60, 60])
    texts = [part for checkpoint in made for part in parts(checkpoint)]
    path = tmp_path / "lines"
    path.write_text("\n".join(texts[1:]))
    read = []
    with pytest.raises(DamagedCopies, match="lacks parts of 1"):
        for checkpoint in SyslogLines(path).all():
            read.append(checkpoint)
    assert read == made[1:]
    path.write_text("\n".join([*texts, *parts(replace(made[1], made_at="x"))]))
    with pytest.raises(BrokenCheckpoints, match="two different"):
        list(SyslogLines(path).all())
    path.write_text("\n".join(texts).replace("data=ey", "data=eX"))
    with pytest.raises(DamagedCopies):
        list(SyslogLines(path).all())
    with pytest.raises(BrokenCheckpoints):
        list(SyslogLines(tmp_path / "none").all())
