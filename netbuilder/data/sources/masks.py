"""Pictures with masks: for every picture another one of the same name that says which class each pixel belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta

from netbuilder.data.decode import SUFFIXES, Shape, explain
from netbuilder.data.errors import DataError
from netbuilder.data.label_maps import mask, numbered
from netbuilder.data.sources.base import MAX_BYTES, Contents, Progress, Samples, Source, declare
from netbuilder.data.sources.images import Side, decoded
from netbuilder.data.storage import take


@declare("masks", "Images with masks", "A folder of pictures and one of masks with the same names: a class for each pixel.")
class ImagesWithMasks(Source, frozen=True):
    """Pictures and masks are stretched to one size; masks keep their values, which become the classes."""

    images: Annotated[str, Meta(description="Folder of the pictures", extra={"path": "folder"})]
    masks: Annotated[
        str, Meta(description="Folder of the masks: grey or palette values, or colours, one for each class", extra={"path": "folder"})
    ]
    size: Annotated[
        Side | Annotated[tuple[Side, ...], Meta(min_length=2, max_length=2)],
        Meta(description="Height and width that pictures and masks are brought to", extra={"unit": "px"}),
    ] = 64
    colour: Annotated[Literal["rgb", "grey"], Meta(description="Three channels, or one")] = "rgb"

    def read(self, progress: Progress) -> Contents:
        height, width = (self.size, self.size) if isinstance(self.size, int) else self.size
        folder = Path(self.images).expanduser()
        pairs = _pairs(folder, Path(self.masks).expanduser())
        shape = Shape(1 if self.colour == "grey" else 3, height, width, crop=False)
        if len(pairs) * max(8, shape.channels) * height * width > MAX_BYTES:
            raise DataError(f"{len(pairs):,} pictures of {height} × {width} are too many.", place="size", remedy="Choose a smaller size.")
        array, failures = decoded(folder, [(picture, 0) for picture, _ in pairs], shape, progress)
        maps = np.zeros((len(pairs), height, width), np.int64)
        for number, (_, path) in enumerate(pairs):
            try:
                maps[number] = mask(path, height, width)
            except Exception as error:  # a decoder may raise anything on a broken file
                failures[number] = f"its mask cannot be read ({explain(error)})"
            progress(number + 1, len(pairs))
        kept = np.array([number for number in range(len(pairs)) if number not in failures], np.int64)
        if not len(kept):
            raise DataError(f"No picture in “{folder}” can be read together with its mask.", place=str(folder))
        (targets,), names = numbered([maps[kept]], str(self.masks))
        notes = tuple(f"“{pairs[number][0].name}” was skipped: {reason}." for number, reason in failures.items())
        return Contents(folder.name, Samples(take(array, kept), targets), None, _named(names), notes)


def _pairs(images: Path, masks: Path) -> list[tuple[Path, Path]]:
    """Every picture that has a mask of the same name, whatever the suffix."""
    found = {}
    for folder, what in ((images, "pictures"), (masks, "masks")):
        if not folder.is_dir():
            raise DataError(f"There is no folder “{folder}”.", place=str(folder), remedy=f"Choose the folder of the {what}.")
        found[what] = {path.stem: path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES}
    both = sorted(found["pictures"].keys() & found["masks"].keys())
    if not both:
        raise DataError(
            f"None of {len(found['pictures']):,} pictures has a mask among {len(found['masks']):,} that is called the same.",
            place=str(masks),
            remedy="Name each mask like its picture.",
        )
    return [(found["pictures"][name], found["masks"][name]) for name in both]


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Large values are colours."""
    return tuple(f"#{int(name):06x}" if int(name) > 0xFFFF else name for name in names)
