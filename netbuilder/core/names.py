"""Which names a node may have: it becomes an attribute of a torch module and a word in Python source."""

from __future__ import annotations

import keyword
import re

from netbuilder.core.errors import GraphError

LONGEST = 64
_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_TAKEN = """
T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval
extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia
named_buffers named_children named_modules named_parameters node_names parameters register_backward_hook register_buffer
register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ run self set_extra_state set_submodule
share_memory state_dict timed to to_empty train training type xpu zero_grad
"""
_EXPORTED = "add_submodule code delete_all_unused_submodules delete_submodule graph print_readable recompile to_folder"

RESERVED = frozenset(f"{_TAKEN} {_EXPORTED}".split())
"""Attributes of `torch.nn.Module`, of the compiled network and of an exported one (`torch.fx.GraphModule`), which no layer must hide."""


def check_name(name: str, place: str | None = None, *, kept: bool = False) -> None:
    """Raise `GraphError` unless `name` can be a module's attribute and a Python identifier.

    A name that is `kept` in a file may also be an attribute of exported programs: older files did not avoid those, and only
    exporting refuses them.
    """
    if len(name) > LONGEST:
        raise GraphError(f"The layer name “{name[:20]}…” is too long.", place=place, remedy=f"Use at most {LONGEST} characters.")
    if not _SHAPE.fullmatch(name):
        raise GraphError(
            f"“{name}” cannot be a layer name.",
            place=place,
            remedy="Use letters a–z, digits and underscores, and begin with a letter.",
        )
    if keyword.iskeyword(name) or (name in RESERVED and not (kept and name in _EXPORTED.split())):
        raise GraphError(
            f"“{name}” cannot be a layer name: it already means something in PyTorch or Python.",
            place=place,
            remedy=f"Add something to it, such as “{name.rstrip('_')}_1”.",
        )


def legal_stem(text: str) -> str:
    """The nearest text from which numbered names such as `relu_1` can be made."""
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")[: LONGEST - 8]
    return stem if _SHAPE.fullmatch(stem) else f"layer_{stem}".rstrip("_")


def automatic(name: str, layer: str) -> bool:
    """Whether a name was given by the program: the layer's name, alone or with a number."""
    number = name.removeprefix(layer)
    return number == "" or (number != name and number[0] == "_" and number[1:].isdecimal())
