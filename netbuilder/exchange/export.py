"""Write a network to a file and prove that the file computes the same, before saying so."""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from netbuilder.core import format as words
from netbuilder.data.handover import sentences
from netbuilder.exchange.declare import PICTURES, ExportError, Format, choose
from netbuilder.exchange.material import Weights, gather
from netbuilder.exchange.picture import STYLES, is_picture, project_of, write_picture
from netbuilder.exchange.proof import prove

Progress = Callable[[str], object]
"""Told each stage in words; an answer of `False` cancels."""


@dataclass(frozen=True)
class ExportReport:
    """What was written. `max_difference` is the largest absolute difference that the fresh process saw; `None` if not verified.

    `handover` says what the network wants its inputs to be, and what its scores stand for.
    """

    path: Path
    format: str
    seconds: float
    max_difference: float | None
    message: str
    companions: tuple[Path, ...] = ()
    handover: tuple[str, ...] = ()


class ExportCancelledError(ExportError):
    """The export was cancelled between two stages; nothing was written."""


def export(
    what: Any,
    path: str | Path,
    format: str | None = None,
    *,
    weights: Weights | None = None,
    verify: bool = True,
    progress: Progress | None = None,
    include_weights: bool = False,
    handover: Mapping[str, Any] | None = None,
) -> ExportReport:
    """Write a network to `path` in the format of its suffix, or in the one named.

    `what` is a graph, a project or document, a compiled module, or a run. Weights come from the module or run; for a graph
    from `weights`: a mapping from state-dict keys to tensors or arrays, a safetensors file, or a checkpoint folder;
    without them they are freshly drawn. `include_weights` puts a `.safetensors` file beside exported source.
    `handover` tells those who use the file what inputs the weights were trained on (`data.handover`); a run knows it by itself.

    The file is written beside the target under another name, reloaded in a fresh process, compared on random inputs, and
    only then put in place. Raises `ExportError` in a sentence; the target is then as it was.
    An `.svg`, `.png` or `.pdf` is a picture of the network with the project in it; `format` may then say how it is drawn.
    """
    target = Path(path).absolute()
    if is_picture(target) or format in PICTURES:
        return _picture(what, target, format or STYLES[0], progress)
    chosen, start, tell = choose(target, format), perf_counter(), _teller(progress)
    _check_place(target)
    tell("Preparing the network")
    job = gather(what, weights, target, handover)
    difference = None
    with _in_place(target, beside=include_weights and not chosen.about.weights) as fresh:
        tell(f"Writing {chosen.about.title}")
        for file, temporary in fresh.items():
            (chosen if file == target else choose(file)).write(job, temporary)
        if verify:
            tell("Reloading it in a fresh process and comparing")
            with tempfile.TemporaryDirectory(prefix="netbuilder-export-") as scratch:
                difference = prove(chosen, job, fresh[target], target, Path(scratch))
        tell("Putting it in place")
    told = tuple(sentences(job.handover))
    message = " ".join((_summary(chosen, target, difference), *told))
    return ExportReport(target, chosen.about.name, perf_counter() - start, difference, message, tuple(fresh)[1:], told)


def _picture(what: Any, target: Path, style: str, progress: Progress | None) -> ExportReport:
    """Draw the network instead of writing what computes."""
    start, tell = perf_counter(), _teller(progress)
    if style in PICTURES:
        if target.suffix.lower() != f".{style}":
            raise ExportError(
                f"“{target.name}” is to be a picture of the kind {style}.", place=str(target), remedy=f"End its name in .{style}."
            )
        style = STYLES[0]
    if style not in STYLES:
        raise ExportError(f"There is no drawing “{style}”.", place=str(target), remedy=f"Choose one of: {', '.join(STYLES)}.")
    _check_place(target)
    tell("Drawing the network")
    write_picture(project_of(what, target.stem), target, style=style)
    size = words.size(target.stat().st_size)
    return ExportReport(target, style, perf_counter() - start, None, f"Wrote {target.name} ({size}), with the project in it.")


@contextmanager
def _in_place(target: Path, *, beside: bool) -> Iterator[dict[Path, Path]]:
    """Names to write under, by the names they get once all is well: the target, and the weights `beside` it."""
    token = secrets.token_hex(4)
    files = (target, target.with_suffix(".safetensors")) if beside else (target,)
    fresh = {file: _beside(file, token) for file in files}
    try:
        yield fresh
        for file, temporary in fresh.items():
            _settle(temporary)
            temporary.replace(file)
    except OSError as error:
        raise _explain(target, error) from error
    finally:
        for temporary in fresh.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _teller(progress: Progress | None) -> Callable[[str], None]:
    def tell(stage: str) -> None:
        if progress is not None and progress(stage) is False:
            raise ExportCancelledError("The export was cancelled; nothing was written.")

    return tell


def _check_place(target: Path) -> None:
    folder = target.parent
    if not folder.is_dir():
        raise ExportError(f"The folder “{folder}” does not exist.", place=str(target), remedy="Create it, or choose another.")
    if target.is_dir():
        raise ExportError(f"“{target}” is a folder.", place=str(target), remedy="Give a file name.")
    if not os.access(folder, os.W_OK):
        raise ExportError(f"The folder “{folder}” cannot be written to.", place=str(target), remedy="Choose another folder.")


def _beside(target: Path, token: str) -> Path:
    return target.with_name(f".{target.stem}-{token}{target.suffix}")


def _settle(file: Path) -> None:
    """Have the bytes on the disk before the name changes."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _explain(target: Path, error: OSError) -> ExportError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(
            f"There is no space left for “{target.name}”.", place=str(target), remedy="Free some space, or choose another disk."
        )
    reason = error.strerror or str(error)
    return ExportError(f"“{target}” could not be written: {reason}.", place=str(target), remedy="Choose another folder.")


def _summary(chosen: Format, target: Path, difference: float | None) -> str:
    size = words.size(target.stat().st_size)
    if difference is None:
        return f"Wrote {target.name} ({chosen.about.title}, {size}), not verified."
    equal = "equal" if difference == 0 else f"largest difference {difference:.1g}"
    return f"Wrote {target.name} ({chosen.about.title}, {size}) and computed the same with it in a fresh process ({equal})."
