"""Checkpoints as objects of an S3 bucket with object lock: until the retention ends nobody can delete them.

Locking needs versions, and with versions a name can be hidden by a deletion or written again. So what counts is the
oldest version of each name, which is the locked one; anything on top of it is told.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from bc_lib.domain.audit_checkpoint import Checkpoint, from_bytes, to_bytes
from bc_lib.integrations.checkpoints.directory import file_name, number_of
from bc_lib.integrations.checkpoints.targets import S3Target
from bc_lib.ports.audit import BrokenCheckpoints, DamagedCopies, PlaceAway
from bc_lib.ports.secrets import Credential, InvalidReference, SecretResolver, SecretUnavailable

CONNECT_S, READ_S, ATTEMPTS = 3, 5, 1
MODE = "COMPLIANCE"
MOST_BYTES = 4 << 20
EXISTS = {"PreconditionFailed", "412"}
DENIED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403"}


@dataclass(slots=True)
class _Kept:
    """One name: its oldest version, and whether anything else lies on top."""

    key: str
    version: str
    tag: str
    covered: bool = False


class ObjectStore:
    """Implements ports.audit.CheckpointStore. `now` is this process's clock, for the end of the retention."""

    def __init__(self, target: S3Target, secrets: SecretResolver, now: Callable[[], datetime]) -> None:
        self._target = target
        self._secrets = secrets
        self._now = now
        self._held: tuple[Credential, Any] | None = None
        self._prefix = f"{target.prefix}/" if target.prefix else ""

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """See the port. DamagedCopies where a checkpoint was deleted or written again; the locked one is read."""
        covered = []
        with self._told():
            for kept in self._names(after):
                if kept.covered:
                    covered.append(kept.key)
                yield self._read(kept)
        if covered:
            raise DamagedCopies(
                f"{len(covered)} checkpoints were deleted or written again after they were locked ({covered[0]} "
                "first); the locked ones were read. Find out who did that."
            )

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """See the port."""
        with self._told():
            newest: _Kept | None = None
            # From the expected one on: there is a new name every few seconds, and listing a year of them is slow.
            for newest in self._names(expected.first - 1 if expected else 0):  # noqa: B007
                pass
            if newest is None and expected is not None:
                for newest in self._names(0):  # noqa: B007
                    pass
            return self._read(newest) if newest else None

    def publish(self, checkpoint: Checkpoint) -> None:
        """See the port. Also refuses a store that did not lock what it took."""
        with self._told():
            key, content = self._prefix + file_name(checkpoint), to_bytes(checkpoint)
            version = self._put(key, content)
            if version is None:
                kept = next(self._names(checkpoint.first - 1), None)
                if kept is None or kept.key != key or self._content(kept) != content:
                    raise BrokenCheckpoints(f"{key} holds another checkpoint already; nothing was written.")
                version = kept.version
            self._locked(key, version, datetime.fromisoformat(checkpoint.made_at))

    def _put(self, key: str, content: bytes) -> str | None:
        """The version written; None where the name is taken."""
        from botocore.exceptions import ClientError

        until = self._now() + timedelta(days=self._target.retention_days)
        try:
            said = self._client().put_object(
                Bucket=self._target.bucket,
                Key=key,
                Body=content,
                ContentType="application/json",
                ContentMD5=b64encode(md5(content, usedforsecurity=False).digest()).decode(),  # a lock demands one
                IfNoneMatch="*",
                ObjectLockMode=MODE,
                ObjectLockRetainUntilDate=until,
            )
        except ClientError as error:
            if _code(error) in EXISTS:
                return None
            raise
        return str(said.get("VersionId", ""))

    def _locked(self, key: str, version: str, made_at: datetime) -> None:
        """A store that ignores what it does not know would look well and keep nothing."""
        # From the time of signing, with a day for clocks: an earlier try, answer lost, may have written it.
        wanted = made_at + timedelta(days=self._target.retention_days - 1)
        bucket = self._target.bucket
        said = self._client().head_object(Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
        until = said.get("ObjectLockRetainUntilDate")
        if said.get("ObjectLockMode") != MODE or until is None or until < wanted:
            raise BrokenCheckpoints(
                f"{key} was taken without the retention asked for: make the bucket with object lock, and let the "
                "credential read retentions."
            )

    def _names(self, after: int) -> Iterator[_Kept]:
        """Every name of ours that covers records above `after`, in order, each with its oldest version."""
        start = {"KeyMarker": f"{self._prefix}checkpoint-{after:015d}.json"} if after > 0 else {}
        pages = (
            self._client()
            .get_paginator("list_object_versions")
            .paginate(Bucket=self._target.bucket, Prefix=self._prefix, **start)
        )
        now: _Kept | None = None
        for page in pages:
            for key, version in _sorted(page):
                if number_of(key.removeprefix(self._prefix)) <= after:
                    continue
                if now is not None and now.key != key:
                    if now.version:
                        yield now
                    now = None
                now = now or _Kept(key, "", "")
                if version is None or (now.tag and now.tag != version["ETag"]):
                    now.covered = True
                if version is not None:
                    now.version, now.tag = str(version["VersionId"]), str(version["ETag"])
        if now is not None and now.version:
            yield now

    def _read(self, kept: _Kept) -> Checkpoint:
        try:
            found = from_bytes(self._content(kept))
        except ValueError as error:
            raise BrokenCheckpoints(f"{kept.key} is not a checkpoint that can be read.") from error
        if kept.key != self._prefix + file_name(found):
            raise BrokenCheckpoints(f"{kept.key} holds the checkpoint of record {found.last}: objects were renamed.")
        return found

    def _content(self, kept: _Kept) -> bytes:
        said = self._client().get_object(Bucket=self._target.bucket, Key=kept.key, VersionId=kept.version)
        with said["Body"] as body:
            return bytes(body.read(MOST_BYTES))

    def _client(self) -> Any:
        """Made again when the secret changed; resolved at each use (decision 13)."""
        credential = self._secrets.credential(self._target.credential)
        if self._held is None or self._held[0] != credential:
            self._held = (credential, _client(self._target, credential))
        return self._held[1]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Driver errors as sentences without addresses or secrets."""
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

        try:
            yield
        except ClientError as error:
            code = _code(error)
            if code in DENIED:
                raise PlaceAway(f"the store denies this credential ({code}); check its policy.") from None
            hint = "; was the bucket made with object lock?" if code == "InvalidRequest" else "."
            raise PlaceAway(f"the store answered {code}{hint}") from None
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise PlaceAway(f"the store does not answer ({type(error).__name__}).") from None
        except (SecretUnavailable, InvalidReference) as error:
            raise PlaceAway(str(error)) from None


def _sorted(page: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    """A page's versions and deletions by name; within a name the newest first, as the protocol lists them."""
    both = [(str(item["Key"]), item["LastModified"], item) for item in page.get("Versions", ())]
    gone = [(str(item["Key"]), item["LastModified"], None) for item in page.get("DeleteMarkers", ())]
    newest_first = sorted([*gone, *both], key=lambda each: each[1], reverse=True)
    return [(key, item) for key, _, item in sorted(newest_first, key=lambda each: each[0])]


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", "an error"))


def _client(target: S3Target, credential: Credential) -> Any:
    import os

    from botocore.config import Config
    from botocore.session import Session

    session = Session(session_vars={"profile": (None, None, None, None)})
    # Nothing of this account's own configuration of the driver: neither another endpoint nor another identity.
    for variable in ("config_file", "credentials_file"):
        session.set_config_variable(variable, os.devnull)
    return session.create_client(
        "s3",
        region_name=target.region,
        endpoint_url=target.endpoint,
        aws_access_key_id=credential.username,
        aws_secret_access_key=credential.password,
        verify=str(target.ca) if target.ca else True,
        config=Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            signature_version="s3v4",
            request_checksum_calculation="when_required",  # other makers' stores do not know the newer ones
            response_checksum_validation="when_required",
            ignore_configured_endpoint_urls=True,
            s3={"addressing_style": "path" if target.endpoint else "auto"},
        ),
    )
