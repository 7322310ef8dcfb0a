"""What a trained network wants its inputs to be and what its answers stand for, for those who use it elsewhere.

A plain mapping that runs keep and exports carry: `inputs` has for each input `scale`, `mean` and `std` (one number, or one for each
channel), or `None` for whole numbers that are taken as they are; `classes` are the names behind the scores, in order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from netbuilder.data.dataset import Dataset, Normalisation

_MOST_CHANNELS = 16
_MOST_CLASSES = 30


def handover(dataset: Dataset) -> dict[str, Any]:
    """The facts of this data; values only, as JSON has them."""
    first = dataset.normalisation
    arrays = (dataset.train.inputs, *dataset.train.more)
    decimal = [array.dtype.kind == "f" or array.dtype.itemsize == 1 for array in arrays]
    kinds = zip((first, *first.others), decimal, strict=False)
    found: dict[str, Any] = {"inputs": [_plain(each) if told else None for each, told in kinds]}
    return found | ({"classes": list(dataset.classes)} if dataset.classes else {})


def _plain(normalisation: Normalisation) -> dict[str, Any]:
    return {"scale": normalisation.scale, "mean": list(normalisation.mean), "std": list(normalisation.std)}


def sentences(facts: Mapping[str, Any] | None) -> list[str]:
    """The same for people, one sentence each; nothing when nothing is known."""
    if not facts:
        return []
    wanted = list(dict.fromkeys(map(_wanted, facts.get("inputs", ()))))
    classes: Sequence[str] = facts.get("classes", ())
    lines = [f"It was trained on inputs {' and '.join(wanted)}."] if wanted else []
    if classes:
        names = ", ".join(classes[:_MOST_CLASSES])
        more = f" and {len(classes) - _MOST_CLASSES:,} more" if len(classes) > _MOST_CLASSES else ""
        lines.append(f"Its scores stand for, in this order: {names}{more}.")
    return lines


def properties(facts: Mapping[str, Any] | None) -> dict[str, str]:
    """The same for programs: texts in JSON by name, as the metadata of a file takes them."""
    return {name: json.dumps(value, ensure_ascii=False) for name, value in (facts or {}).items()}


def _wanted(one: Mapping[str, Any] | None) -> str:
    """`(x / 255 − 0.1306) / 0.3081`, with what x is."""
    if one is None:
        return "x as they are, whole numbers"
    scaled = "x" if one["scale"] == 1 else f"x / {1 / one['scale']:g}"
    what = ", for x from 0 to 255" if one["scale"] != 1 else ""
    mean, std = one["mean"], one["std"]
    if not any(mean) and all(each == 1 for each in std):
        return f"{scaled}{what}" if scaled != "x" else "x as they are"
    if len(mean) == 1:
        return f"({scaled} − {mean[0]:.6g}) / {std[0]:.6g}{what}"
    if len(mean) > _MOST_CHANNELS:
        return f"({scaled} − mean) / deviation of each of {len(mean):,} channels over the training data{what}"
    means, deviations = (", ".join(f"{each:.6g}" for each in values) for values in (mean, std))
    return f"({scaled} − mean) / deviation{what}, channel by channel, with the means {means} and the deviations {deviations}"
