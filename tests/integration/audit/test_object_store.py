"""Checkpoints in an object store, by the real driver against a server that speaks the protocol (decision 9, FR-041)."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from bc_lib.integrations.checkpoints.object_store import ObjectStore
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.audit import BrokenCheckpoints, DamagedCopies, PlaceAway
from tests.fixtures.certificates import Authority
from tests.fixtures.checkpoint_places import PAGE, SECRETS, Receiver, S3Server, chain, now, running_s3, s3_server

__all__ = ["s3_server"]


def test_written_once_read_in_order(s3_server: S3Server) -> None:
    """The same again is fine, another of the same number is not, and nothing is replaced."""
    target, made = s3_server.target(), chain([3, 30, 1])
    store = s3_server.store(target)
    assert store.last() is None
    assert list(store.all()) == []
    for checkpoint in [*made, *made]:
        store.publish(checkpoint)
    with pytest.raises(BrokenCheckpoints, match="another checkpoint"):
        store.publish(replace(made[1], made_at=now().isoformat()))
    assert list(store.all()) == made
    assert list(store.all(made[0].last)) == made[1:]
    assert store.last() == store.last(made[1]) == store.last(made[2]) == made[2]
    listed = s3_server.client(target).list_object_versions(Bucket=target.bucket)["Versions"]
    assert [item["Key"] for item in listed] == [f"bc/audit/checkpoint-{number:015d}.json" for number in (3, 33, 34)]


def test_it_is_locked_for_as_long_as_asked(s3_server: S3Server) -> None:
    """Compliance mode: not even the credential that wrote it can delete it or shorten the time."""
    target, made = s3_server.target(retention_days=400), chain([2])
    s3_server.store(target).publish(made[0])
    client, key = s3_server.client(target), "bc/audit/checkpoint-000000000000002.json"
    said = client.head_object(Bucket=target.bucket, Key=key)
    assert said["ObjectLockMode"] == "COMPLIANCE"
    left = said["ObjectLockRetainUntilDate"] - datetime.now(UTC)
    assert timedelta(days=399) < left <= timedelta(days=400)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=target.bucket, Key=key, VersionId=said["VersionId"])


@pytest.mark.parametrize("act", ["hidden", "overwritten"])
def test_what_lies_on_top_of_a_locked_one_is_told_and_not_believed(s3_server: S3Server, act: str) -> None:
    """Versions let a name be deleted or written again; the locked version below is still what is read (A17)."""
    target, made = s3_server.target(), chain([2, 2, 2])
    store, client = s3_server.store(target), s3_server.client(target)
    for checkpoint in made:
        store.publish(checkpoint)
    key = "bc/audit/checkpoint-000000000000004.json"
    if act == "hidden":
        client.delete_object(Bucket=target.bucket, Key=key)
    else:
        client.put_object(Bucket=target.bucket, Key=key, Body=b"{}")
    read = []
    with pytest.raises(DamagedCopies, match="000000000000004"):
        for checkpoint in store.all():
            read.append(checkpoint)
    assert read == made


def test_tls_is_checked(tmp_path: Path) -> None:
    """SEC-004: the store's certificate must be by the authority given, which is not the machine's own list."""
    authority = Authority(tmp_path)
    with running_s3(authority.issue("127.0.0.1")) as server:
        target, made = server.target(ca=authority.ca_file), chain([1])
        server.store(target).publish(made[0])
        assert server.store(target).last() == made[0]
        with pytest.raises(PlaceAway, match="SSLError"):
            server.store(replace(target, ca=None)).publish(made[0])


def test_a_store_that_hangs_is_given_up(s3_server: S3Server) -> None:
    with Receiver(mode="hang") as receiver:
        target = replace(s3_server.target(), endpoint=f"http://127.0.0.1:{receiver.port}")
        began = time.monotonic()
        with pytest.raises(PlaceAway, match="ReadTimeout"):
            s3_server.store(target).publish(chain([1])[0])
        assert time.monotonic() - began < 9


def test_the_accounts_own_settings_of_the_driver_do_not_count(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decision 13: no credential, profile or endpoint but the one that is configured here."""
    target, made = s3_server.target(), chain([1])
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "somebody-else")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    s3_server.store(target).publish(made[0])
    assert s3_server.store(target).last() == made[0]


def test_a_bucket_without_lock_is_refused(s3_server: S3Server) -> None:
    with pytest.raises(PlaceAway, match="object lock"):
        s3_server.store(s3_server.target(locked=False)).publish(chain([1])[0])


def test_many_pages(s3_server: S3Server) -> None:
    """A listing comes in pages, and the versions of one name may lie on two of them."""
    target, made = s3_server.target(), chain([1] * (3 * PAGE + 1))
    store, client = s3_server.store(target), s3_server.client(target)
    for checkpoint in made:
        store.publish(checkpoint)
    assert store.last() == made[-1]
    assert list(store.all()) == made
    assert list(store.all(PAGE)) == made[PAGE:]
    for _ in range(2 * PAGE):
        client.put_object(Bucket=target.bucket, Key="bc/audit/checkpoint-000000000000003.json", Body=os.urandom(4))
    read = []
    with pytest.raises(DamagedCopies):
        for checkpoint in store.all():
            read.append(checkpoint)
    assert read == made


def test_trouble_is_one_sentence_without_the_secret(s3_server: S3Server) -> None:
    """Decision 13: a secret that cannot be had, a bucket that is not there, a server that is not there."""
    target = s3_server.target()
    sentences = []
    for store in (
        ObjectStore(target, Resolver({}), now),
        ObjectStore(replace(target, bucket="no-such-bucket"), SECRETS, now),
        ObjectStore(replace(target, endpoint="http://127.0.0.1:1"), SECRETS, now),
    ):
        for call in (
            store.last,
            lambda store=store: list(store.all()),
            lambda store=store: store.publish(chain([1])[0]),
        ):
            with pytest.raises(PlaceAway) as caught:
                call()
            sentences.append(str(caught.value))
    assert any("OBJECTS" in text for text in sentences)
    assert any("NoSuchBucket" in text for text in sentences)
    assert any("does not answer" in text for text in sentences)
    assert not any("very-secret-key" in text for text in sentences)
