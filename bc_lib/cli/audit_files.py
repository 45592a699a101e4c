"""Writes the files of an export: all or none, never over an existing one."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CHAIN = ".chain.json"


class FileTrouble(Exception):
    """The export could not be written; one sentence."""


def write_export(output: Path, files: Mapping[str, bytes]) -> None:
    """`output` gets the first file and the others go beside it; or all of them into it where it is a .zip.

    A file that is there already with the same content is left; with another, nothing is written. Raises FileTrouble.
    """
    try:
        if output.suffix == ".zip":
            _put({output: _zipped(files, output)})
        else:
            first, *others = files
            _put({output: files[first], **{output.parent / name: files[name] for name in others}})
    except OSError as error:
        raise FileTrouble(f"The export could not be written to {output}: {error.strerror}.") from error


MOST_BYTES = 4 << 30


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The file that verifies: `path` itself, or what an export put into it where it is a .zip. Raises FileTrouble."""
    if path.suffix.lower() != ".zip":
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="bc-export-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                found = _unpack(path, archive, Path(folder))
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise FileTrouble(f"{path} cannot be read as an export: {error}") from error
        yield found


def _unpack(path: Path, archive: zipfile.ZipFile, folder: Path) -> Path:
    """Under names of our own, whatever names the archive has."""
    sizes = {item.filename: item.file_size for item in archive.infolist()}
    records = [name for name in sizes if name.endswith((".csv", ".json")) and not name.endswith(CHAIN)]
    if len(records) != 1:
        raise FileTrouble(f"{path} is no export: it should hold one file of records, .csv or .json.")
    target = folder / f"records{Path(records[0]).suffix}"
    wanted = {records[0]: target, records[0] + CHAIN: target.with_name(target.name + CHAIN)}
    if sum(sizes.get(name, 0) for name in wanted) > MOST_BYTES:
        raise FileTrouble(f"{path} holds more than {MOST_BYTES >> 30} GB: unpack it, then verify the file in it.")
    for name in wanted.keys() & sizes.keys():
        with archive.open(name) as source, open(wanted[name], "wb") as copy:
            shutil.copyfileobj(source, copy)
    return target


def _zipped(files: Mapping[str, bytes], output: Path) -> bytes:
    temporary = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return temporary.read_bytes()
    finally:
        temporary.unlink(missing_ok=True)


def _put(contents: Mapping[Path, bytes]) -> None:
    wanted = {}
    for path, content in contents.items():
        if not path.exists():
            wanted[path] = content
        elif path.read_bytes() != content:
            raise FileTrouble(f"{path} exists already; choose another name.")
    made: list[tuple[Path, Path]] = []
    try:
        for path, content in wanted.items():
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            made.append((temporary, path))
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content)
        for temporary, path in made:
            temporary.replace(path)
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)
