"""Qt for Python's optional features (`snake_case`, `true_property`), which Netbuilder does not use.

To know where they apply, Qt for Python reads and keeps the source of every module that anybody imports, torch's thousands too,
and every `import` statement takes four times as long, those inside of functions that a training step calls too.
"""

from __future__ import annotations

import builtins
import sys
from types import ModuleType


def leave_out_features() -> None:
    """Let imports go without that search. Meant for right after the first import of Qt; without Qt it does nothing."""
    support = sys.modules.get("shibokensupport.feature")
    if hasattr(support, "_mod_uses_pyside"):
        vars(support)["_mod_uses_pyside"] = _uses_no_feature
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _uses_no_feature(_module: ModuleType) -> bool:
    return False
