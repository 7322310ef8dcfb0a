"""Export of the weights as safetensors, which any tool can read and nothing in it can execute."""

from __future__ import annotations

from pathlib import Path

from netbuilder.data.handover import properties
from netbuilder.exchange.declare import Format, Job, declare
from netbuilder.net.source import source


@declare("safetensors", "Safetensors", (".safetensors",), "The weights by layer name in the safe format of Hugging Face.")
class Safetensors(Format):
    """Tensors by state-dict key, with the title and what `data.handover` says in the metadata."""

    def write(self, job: Job, path: Path) -> None:
        from safetensors.torch import save

        tensors = {name: tensor.contiguous() for name, tensor in job.module.state_dict().items()}
        about = properties(job.handover)
        path.write_bytes(save(tensors, metadata={**about, "format": "pt", "producer": "netbuilder", "title": job.title}))

    def helper(self, job: Job) -> str:
        return source(job.graph, job.class_name)
