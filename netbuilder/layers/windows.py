"""The arithmetic of a window that slides over an axis, shared by convolution and pooling.

`(N − F + 2P) / S + 1`, with its sentences: why the size is what it is, what a stride leaves over, what is too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from netbuilder.layers.checks import AXES, by_axis, pack
from netbuilder.layers.declare import LayerError, say


class Windows(NamedTuple):
    """One window on each axis: input sizes, window, step, gaps, and the padding on both sides."""

    sizes: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]

    def results(self, ceil: bool = False) -> tuple[int, ...]:
        """Output size on each axis; below 1 where the window does not fit.

        `ceil` counts a last window that hangs over the end, as long as it starts inside the input or its padding.
        """
        found = []
        for size, kernel, stride, dilation, (before, after) in zip(*self, strict=True):
            room = size + before + after - dilation * (kernel - 1) - 1
            steps = room // stride
            if ceil and room % stride and (steps + 1) * stride < size + before:
                steps += 1
            found.append(steps + 1 if room >= 0 or ceil else 0)
        return tuple(found)

    def unseen(self) -> tuple[int, ...]:
        """Elements of the input, padding not counted, that no window reaches at the end of each axis."""
        found = []
        for size, kernel, stride, dilation, (before, after) in zip(*self, strict=True):
            left = (size + before + after - dilation * (kernel - 1) - 1) % stride
            found.append(left - after if left > after else 0)
        return tuple(found)

    def span(self, axis: int) -> int:
        """How far the window reaches, its gaps included."""
        return self.dilation[axis] * (self.kernel[axis] - 1) + 1

    def line(self, axis: int, result: int | None, ceil: bool = False) -> str:
        """`⌊(14 + 2·0 − 5) / 1⌋ + 1 = 10` for one axis."""
        opening, closing = "⌈⌉" if ceil else "⌊⌋"
        less = " − 1" if ceil and self._late(axis, result) else ""
        return f"{opening}({self._room(axis)}) / {self.stride[axis]}{closing} + 1{less} = {result}"

    def _late(self, axis: int, result: int | None) -> bool:
        """Whether a last window was left out because it would start in the border."""
        room = self.sizes[axis] + sum(self.pads[axis]) - self.span(axis)
        return -(-room // self.stride[axis]) + 1 != result

    def _room(self, axis: int) -> str:
        before, after = self.pads[axis]
        padding = f"2·{before}" if before == after else f"{before} + {after}"
        kernel, dilation = self.kernel[axis], self.dilation[axis]
        window = f"{kernel}" if dilation == 1 else f"{dilation}·({kernel} − 1) − 1"
        return f"{self.sizes[axis]} + {padding} − {window}"

    def explain(self, results: Sequence[int | None], ceil: bool = False) -> str:
        """A line for each axis, or one when they agree, and a note on what a stride leaves over."""
        lines = [by_axis(lambda axis: self.line(axis, results[axis], ceil), *self, results)]
        if ceil:
            late = any(self._late(axis, result) for axis, result in enumerate(results))
            return "\n".join([*lines, "The last window would start in the border, so it is left out."] if late else lines)
        for axis, name in enumerate(AXES[len(self.sizes)]):
            left = (self.sizes[axis] + sum(self.pads[axis]) - self.span(axis)) % self.stride[axis]
            if 0 < left <= self.pads[axis][1]:
                lines.append(f"The division leaves {left} over: the end of the padding is not used ({name}).")
                break
        return "\n".join(lines)

    def warning(self, title: str) -> str | None:
        """What a stride that does not divide leaves out, or nothing; a window shorter than its stride is meant to skip."""
        unseen = [lost if self.span(axis) >= self.stride[axis] else 0 for axis, lost in enumerate(self.unseen())]
        if not any(unseen):
            return None
        axis = next(a for a, lost in enumerate(unseen) if lost)
        fit = (self.sizes[axis] + sum(self.pads[axis]) - self.span(axis)) / self.stride[axis] + 1
        words = {"length": ("value", "values"), "width": ("column", "columns"), "depth": ("slice", "slices"), "height": ("row", "rows")}
        lost = [
            f"the last {words[name][0]}" if n == 1 else f"the last {n} {words[name][1]}"
            for n, name in zip(unseen, AXES[len(unseen)], strict=True)
            if n
        ]
        return (
            f"Stride {say(pack(self.stride))} does not divide: ({self._room(axis)}) / {self.stride[axis]} + 1 = {fit:.2f} is not whole, "
            f"so {' and '.join(lost)} of the input {'is' if len(lost) == 1 and '1' in map(str, unseen) else 'are'} never seen by {title}."
        )

    def too_large(self, adds_padding: bool = True) -> LayerError:
        """The refusal of a window that does not fit, with the settings that would."""
        rank = len(self.sizes)
        kernel, sizes = say(self.kernel) if rank > 1 else f"of {self.kernel[0]}", say(self.sizes)
        spans = tuple(self.span(axis) for axis in range(rank))
        gaps = f" with dilation {say(pack(self.dilation))} spans {say(spans)}, which" if max(self.dilation) > 1 else ""
        padded = tuple(size + sum(pad) for size, pad in zip(self.sizes, self.pads, strict=True))
        even = f", even padded to {say(padded)}" if padded != self.sizes else ""
        thing = f"{sizes} input" if rank > 1 else f"input of length {sizes}"
        smaller = tuple(max(1, min(k, (p - 1) // d + 1)) for k, p, d in zip(self.kernel, padded, self.dilation, strict=True))
        changes = [(f"Use a {say(smaller)} kernel" if rank > 1 else f"Use a kernel of {smaller[0]}", {"kernel_size": pack(smaller)})]
        if max(self.dilation) > 1 and all(k <= p for k, p in zip(self.kernel, padded, strict=True)):
            changes.insert(0, ("Use dilation 1", {"dilation": 1}))
        if adds_padding:
            wider = tuple(max(b, -(-(s - n) // 2)) for s, n, (b, _) in zip(spans, self.sizes, self.pads, strict=True))
            changes.append((f"Use padding {say(pack(wider))}", {"padding": pack(wider)}))
        if min(padded) < 1:
            changes = []
        return LayerError(
            f"The kernel {kernel}{gaps} is larger than its {thing}{even}.",
            remedy=f"Make the kernel smaller{' or add padding' if adds_padding else ''}, or shrink the image less in the layers before.",
            setting="kernel_size",
            changes=tuple(changes),
        )
