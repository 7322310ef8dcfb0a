"""What a tensor means, in words: `batch × 6 feature maps × 28 × 28`, read from the layers that it comes from and goes to."""

from __future__ import annotations

from netbuilder.layers.declare import Category, TensorSpec, find
from netbuilder.net.flow import size_in_bytes

_CHANNELLED = {Category.CONVOLUTION, Category.POOLING}
_TOKENS = {"int64", "int32", "int16", "int8", "uint8"}


def meaning(spec: TensorSpec, source: str, target: str = "") -> str:
    """The sizes of a tensor with their names; `source` and `target` are the names of the layers at the wire's ends."""
    sizes = ["?" if size is None else f"{size:,}" for size in spec.shape[1:]]
    return " × ".join(("batch", *_named(sizes, spec, source, target)))


def bytes_for(spec: TensorSpec, samples: int) -> int:
    """Bytes that a batch of this tensor takes."""
    return samples * size_in_bytes((spec,))


def _named(sizes: list[str], spec: TensorSpec, source: str, target: str) -> list[str]:
    if not sizes:
        return []
    if len(sizes) == 1:
        return [f"{sizes[0]} {_numbers(spec, source, target)}"]
    if len(sizes) == 2 and is_sequence(source, target):
        return [f"{sizes[0]} positions", f"{sizes[1]} features"]
    first = "channel" if source == "input" else "feature map"
    return [f"{sizes[0]} {first}{'s' if sizes[0] != '1' else ''}", *sizes[1:]]


def _numbers(spec: TensorSpec, source: str, target: str) -> str:
    if spec.dtype in _TOKENS:
        return "tokens"
    if target == "output":
        return "probabilities" if source in ("softmax", "sigmoid") else "scores"
    return "features"


def is_sequence(source: str, target: str) -> bool:
    """Whether two sizes are places and features rather than channels and a length."""
    ends = [kind.about for name in (source, target) if (kind := find(name)) is not None]
    if any(about.category in _CHANNELLED or about.name.endswith("1d") for about in ends):
        return False
    return any(about.category is Category.ATTENTION or about.name in ("embedding", "linear", "layernorm") for about in ends)
