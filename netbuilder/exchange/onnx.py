"""Export as ONNX: network and weights in one file that many runtimes read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netbuilder.data.handover import properties, sentences
from netbuilder.exchange.declare import ExportError, Format, Job, declare
from netbuilder.exchange.onnx_words import translations
from netbuilder.exchange.quiet import quietly

OPSET = 20
IR_VERSION = 10
_LARGEST = 2**31 - 2**20


@declare("onnx", "ONNX", (".onnx",), "Network and weights in one file for onnxruntime and many other tools; any batch size.")
class Onnx(Format):
    """Opset 20, IR version 10, weights inside the file, the layers as drawn (nothing folded)."""

    def write(self, job: Job, path: Path) -> None:
        import onnx

        if sum(p.numel() * p.element_size() for p in job.module.parameters()) > _LARGEST:
            raise ExportError("An ONNX file cannot hold more than 2 GB of weights.", remedy="Export as .pt2 or safetensors instead.")
        model = self._convert(job)
        model.ir_version = IR_VERSION
        model.producer_name = "netbuilder"
        model.doc_string = " ".join((f"{job.title}.", *sentences(job.handover))) if job.handover else job.title
        model.graph.name = job.class_name
        del model.metadata_props[:]
        onnx.helper.set_model_props(model, {**properties(job.handover), "title": job.title})
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString())

    def _convert(self, job: Job) -> Any:
        import torch

        samples = tuple(torch.from_numpy(values) for values in job.inputs)
        batch = torch.export.Dim("batch", min=1, max=2**20)
        try:
            with quietly():
                program = torch.onnx.export(
                    job.module,
                    samples,
                    dynamo=True,
                    opset_version=OPSET,
                    optimize=False,
                    external_data=False,
                    input_names=list(job.input_names),
                    output_names=list(job.output_names),
                    dynamic_shapes=(tuple({0: batch} for _ in samples),),
                    custom_translation_table=translations(),
                    verbose=False,
                )
        except ImportError as error:
            raise ExportError(f"ONNX export needs the package {error.name}.", remedy="Install onnx and onnxscript.") from error
        except Exception as error:
            raise ExportError(_reason(error), remedy="Export as .pt2 or as source instead.") from error
        assert program is not None
        return program.model_proto


def _reason(error: BaseException) -> str:
    """The innermost cause in one line, the layer's operator included."""
    while error.__cause__ is not None:
        error = error.__cause__
    line = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return f"ONNX cannot express this network: {line.strip()[:200]}"
