"""Export of the weights as torch saves them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from netbuilder.exchange.declare import Format, Job, declare
from netbuilder.net.source import source


@declare("state-dict", "PyTorch weights", (".pt", ".pth"), "The weights by layer name, for load_state_dict in the exported source.")
class StateDict(Format):
    """`torch.save(module.state_dict())`; readable with `weights_only=True`."""

    def write(self, job: Job, path: Path) -> None:
        import torch

        packed = BytesIO()  # on a full disk torch's own writer fails in words of its own
        torch.save(dict(job.module.state_dict()), packed)
        path.write_bytes(packed.getbuffer())

    def helper(self, job: Job) -> str:
        return source(job.graph, job.class_name)
