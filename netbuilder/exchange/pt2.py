"""Export with `torch.export`: network and weights in one file that needs no source."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from netbuilder.data.handover import properties
from netbuilder.exchange.declare import ExportError, Format, Job, declare
from netbuilder.exchange.quiet import quietly


@declare("pt2", "torch.export program", (".pt2",), "Network and weights in one file for torch.export.load; any batch size.")
class Pt2(Format):
    """The batch is dynamic: the exported program takes any number of samples."""

    def write(self, job: Job, path: Path) -> None:
        import torch

        packed = BytesIO()  # on a full disk torch's own writer ends the process
        samples = tuple(torch.from_numpy(values) for values in job.inputs)
        batch = torch.export.Dim("batch", min=1, max=2**20)
        try:
            with quietly():
                program = torch.export.export(job.module, samples, dynamic_shapes=(tuple({0: batch} for _ in samples),))
                torch.export.save(program, packed, extra_files=properties(job.handover))
        except Exception as error:
            reason = str(error).strip().splitlines()[0]
            raise ExportError(
                f"torch.export cannot express this network: {reason}", remedy="Export the source or the weights instead."
            ) from error
        path.write_bytes(packed.getbuffer())
