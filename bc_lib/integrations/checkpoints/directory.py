"""Checkpoints as files of one folder: on another machine's disk, or one that only the signer's account may write."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from bc_lib.domain.audit_checkpoint import Checkpoint, from_bytes, to_bytes
from bc_lib.ports.audit import BrokenCheckpoints, PlaceAway

NAME = re.compile(r"checkpoint-(\d{15})\.json\Z", re.ASCII)


class CheckpointFolder:
    """Implements ports.audit.CheckpointStore. A file is named after the last record it covers, and never rewritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """See the port."""
        return map(self._read, [path for path in self._files() if number_of(path.name) > after])

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """See the port."""
        files = self._files()
        return self._read(files[-1]) if files else None

    def publish(self, checkpoint: Checkpoint) -> None:
        """See the port."""
        final = self._folder / file_name(checkpoint)
        content = to_bytes(checkpoint)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary = self._folder / f".{final.name}.{secrets.token_hex(4)}"
            write_durably(temporary, content)
            try:
                os.link(temporary, final)  # unlike a rename, this never replaces a file
            except FileExistsError:
                if final.read_bytes() != content:
                    raise BrokenCheckpoints(f"{final} holds another checkpoint already; nothing was written.") from None
            finally:
                temporary.unlink()
            sync_folder(self._folder)
        except OSError as error:
            raise PlaceAway(f"The checkpoint could not be written to {self._folder}: {error.strerror}.") from error

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if NAME.match(path.name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise PlaceAway(f"The checkpoints in {self._folder} cannot be read: {error.strerror}.") from error

    def _read(self, path: Path) -> Checkpoint:
        try:
            found = from_bytes(path.read_bytes())
        except (OSError, ValueError) as error:
            raise BrokenCheckpoints(f"{path} is not a checkpoint that can be read.") from error
        if path.name != file_name(found):
            raise BrokenCheckpoints(f"{path} holds the checkpoint of record {found.last}: files were renamed.")
        return found


class WaitingFolder(CheckpointFolder):
    """Implements ports.audit.WaitingCheckpoints: a folder of the signer's own."""

    def drop(self, upto: int) -> None:
        """See the port."""
        try:
            for path in self._files():
                if number_of(path.name) <= upto:
                    path.unlink()
        except OSError as error:
            raise PlaceAway(f"{self._folder} cannot be cleared: {error.strerror}.") from error


def file_name(checkpoint: Checkpoint) -> str:
    """The name that sorts, in a folder and in an object store."""
    return f"checkpoint-{checkpoint.last:015d}.json"


def number_of(name: str) -> int:
    """The last record that the checkpoint of this name covers; 0 where it is no such name."""
    match = NAME.match(name)
    return int(match[1]) if match else 0


class SignerFile:
    """Implements ports.audit.SignerMemory: one file, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Checkpoint | None:
        """See the port."""
        try:
            return from_bytes(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise BrokenCheckpoints(
                f"The signer's memory {self._path} cannot be read; restore it before signing goes on."
            ) from error

    def store(self, checkpoint: Checkpoint) -> None:
        """See the port."""
        temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(temporary, to_bytes(checkpoint))
            temporary.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise BrokenCheckpoints(f"The signer's memory {self._path} cannot be written: {error.strerror}.") from error


def write_durably(path: Path, content: bytes) -> None:
    """A new file, on disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
