"""A project carried inside its picture: in the metadata of an SVG, in a text chunk of a PNG, or as an attachment of a PDF."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator

from netbuilder.core.errors import FileError
from netbuilder.core.strict_json import LARGEST

SUFFIXES = (".svg", ".png", ".pdf")
"""Pictures that can carry a project."""

ATTACHMENT = "project.netb"
"""What the project is called among the attachments of a PDF."""

_SPACE = "urn:netbuilder:project"
_SVG = re.compile(rb"<netbuilder:project[^>]*>([A-Za-z0-9+/=\s]*)</netbuilder:project>")
_PNG = b"\x89PNG\r\n\x1a\n"
_KEY = b"netbuilder-project"


def svg_metadata(project: bytes) -> str:
    """The element that carries a project's file in an SVG."""
    packed = base64.b64encode(zlib.compress(project, 9)).decode()
    return f'<metadata><netbuilder:project xmlns:netbuilder="{_SPACE}">{packed}</netbuilder:project></metadata>'


def into_svg(picture: str, project: bytes) -> str:
    """The same SVG with the project as its first child."""
    root = re.search(r"<svg\b[^>]*>", picture)
    if root is None:
        raise ValueError("this is no SVG")
    return f"{picture[: root.end()]}\n{svg_metadata(project)}{picture[root.end() :]}"


def into_png(picture: bytes, project: bytes) -> bytes:
    """The same PNG with the project in a compressed international text chunk before its end."""
    end = picture.rindex(b"IEND") - 4
    data = _KEY + b"\0\1\0\0\0" + zlib.compress(project, 9)
    chunk = struct.pack(">I", len(data)) + b"iTXt" + data + struct.pack(">I", binascii.crc32(b"iTXt" + data))
    return picture[:end] + chunk + picture[end:]


def is_picture(data: bytes) -> bool:
    """Whether a file that begins so is a picture in one of these formats."""
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    return data.startswith((_PNG, b"%PDF-")) or (head.startswith(b"<") and (b"<svg" in data[:4096]))


def project_in(data: bytes, name: str) -> bytes:
    """The project's file that a picture carries; raises `FileError` for one without. `name` is what messages call the picture."""
    found = _in_png(data) if data.startswith(_PNG) else _in_pdf(data) if data.startswith(b"%PDF-") else _in_svg(data)
    if found is None:
        raise FileError(
            f"“{name}” is a picture without a project in it.",
            place=name,
            remedy="Open a picture that Netbuilder exported with its project, or the project file (*.netb).",
        )
    return found


def _in_svg(data: bytes) -> bytes | None:
    found = _SVG.search(data)
    try:
        return _unpack(base64.b64decode(found[1], validate=False)) if found else None
    except binascii.Error:
        return None


def _in_png(data: bytes) -> bytes | None:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        body = data[at + 8 : at + 8 + length]
        if data[at + 4 : at + 8] == b"iTXt" and body.startswith(_KEY + b"\0\1\0"):
            return _unpack(body[len(_KEY) + 3 :].split(b"\0", 2)[-1])
        at += 12 + length
    return None


def _in_pdf(data: bytes) -> bytes | None:
    return next((project for packed in _streams(data) if (project := _unpack(packed)) is not None), None)


def _streams(data: bytes) -> Iterator[bytes]:
    """What may be a project among the streams of a PDF: those that unpack to the beginning of an object in JSON."""
    for found in re.finditer(rb"stream\r?\n(?=\x78)", data):
        try:
            if zlib.decompressobj().decompress(data[found.end() : found.end() + 4096], 64).lstrip().startswith(b"{"):
                yield data[found.end() : data.find(b"endstream", found.end())]
        except zlib.error:
            continue


def _unpack(packed: bytes) -> bytes | None:
    """Unpacked bytes, or nothing when they are damaged or more than a project may be."""
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, LARGEST)
    except zlib.error:
        return None
    return data if unpacker.eof and b'"netbuilder"' in data[:200] else None
