"""Projects inside pictures."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from netbuilder import templates
from netbuilder.core.document import open_document
from netbuilder.core.embedded import into_png, into_svg
from netbuilder.core.errors import FileError
from netbuilder.core.files import dumps, load

SVG = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>\n'


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return stream.getvalue()


def pdf(project: bytes) -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Filter /FlateDecode>>\nstream\n"
        + zlib.compress(b"q 1 0 0 1 0 0 cm")
        + (b"\nendstream\nendobj\n2 0 obj\n<</Filter /FlateDecode>>\nstream\r\n" + zlib.compress(project) + b"\nendstream\nendobj\n%%EOF\n")
    )


def test_every_picture_gives_its_project_back(tmp_path: Path) -> None:
    project = templates.project("lenet5")
    packed = dumps(project)
    pictures = {"a.svg": into_svg(SVG, packed).encode(), "b.png": into_png(png(), packed), "c.pdf": pdf(packed)}
    for name, data in pictures.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert load(path) == project
        document = open_document(path)
        assert document.project == project
        assert document.path is None, "saving must never replace a picture"


def test_a_png_with_a_project_is_still_a_png() -> None:
    with Image.open(io.BytesIO(into_png(png(), dumps(templates.project("lenet5"))))) as picture:
        picture.load()
        assert '"netbuilder"' in picture.text["netbuilder-project"]


@pytest.mark.parametrize("data", [SVG.encode(), png(), pdf(b"{}"), png()[:40], b"%PDF-1.4", into_svg(SVG, b"not a project").encode()])
def test_a_picture_without_a_project_is_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with pytest.raises(FileError, match="is a picture without a project in it"):
        load(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(into_png(png(), b'{"format": "netbuilder", "name": "' + b"a" * (40 << 20)))
    with pytest.raises(FileError, match="without a project"):
        load(path)
