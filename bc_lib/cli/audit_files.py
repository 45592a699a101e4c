"""Writes the files of an export: all or none, never over an existing one."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path


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
