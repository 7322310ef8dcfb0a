"""Exports: each format reloaded by somebody else's code and numerically equal; refusals leave everything as it was."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from netbuilder.core.build import Builder, chain
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.graph import Graph
from netbuilder.exchange.declare import ExportError, Format, Job, choose, formats
from netbuilder.exchange.export import ExportCancelledError, export
from netbuilder.exchange.python_source import PythonSource
from netbuilder.exchange.safetensors import Safetensors
from netbuilder.net.compiler import compile_graph
from netbuilder.net.source import source
from netbuilder.templates import template, templates
from netbuilder.templates.declare import Template

SUFFIXES = {"python": ".py", "state-dict": ".pt", "safetensors": ".safetensors", "pt2": ".pt2", "onnx": ".onnx"}


def branching() -> Graph:
    b = Builder()
    image = b.add("input", name="image", shape=(2, 6, 6))
    extra = b.add("input", name="extra", shape=(4,))
    c1 = b.add("conv2d", image, name="c1", out_channels=3, kernel_size=3, padding=1)
    n1 = b.add("batchnorm2d", c1, name="n1")
    r1 = b.add("relu", n1, name="r1")
    c2 = b.add("conv2d", r1, name="c2", out_channels=3, kernel_size=1)
    flat = b.add("flatten", b.add("add", c2, r1, name="sum"), name="flat")
    both = b.add("concat", flat, extra, name="both")
    b.add("output", b.add("linear", both, name="scores", out_features=3), name="label")
    b.add("output", b.add("linear", b.add("dropout", flat), name="amount", out_features=1), name="value", task="values")
    return b.graph()


def trained(graph: Graph) -> Any:
    """A module whose running statistics and weights differ from fresh ones."""
    module = compile_graph(graph, seed=11)
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if name.endswith("running_mean"):
                value.add_(0.3)
    return module


NETWORKS: dict[str, Callable[[], Graph]] = {
    "lenet5": lambda: template("lenet5"),
    "lecture-cnn": lambda: template("lecture-cnn"),
    "mlp": lambda: template("mlp-3-4-2"),
    "playground": lambda: template("playground-2d"),
    "branching": branching,
    "volume": lambda: chain([("input", {"shape": (1, 4, 6, 6)}), ("conv3d", {"kernel_size": 3, "bias": False}), "output"]),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("format_", ["pt2", "onnx"])
def test_programs_are_verified(format_: str, name: str, tmp_path: Path) -> None:
    target = tmp_path / f"net{SUFFIXES[format_]}"
    report = export(trained(NETWORKS[name]()), target)
    assert report.format == format_
    assert report.max_difference is not None
    assert report.max_difference <= 1e-5
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("format_", ["python", "state-dict", "safetensors"])
@pytest.mark.parametrize("name", ["lenet5", "branching"])
def test_source_and_weights_are_exactly_equal(format_: str, name: str, tmp_path: Path) -> None:
    report = export(trained(NETWORKS[name]()), tmp_path / f"net{SUFFIXES[format_]}")
    assert report.max_difference == 0
    assert "computed the same" in report.message


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vgg-a", "resnet18"])
@pytest.mark.parametrize("format_", SUFFIXES)
def test_large_templates(format_: str, name: str, tmp_path: Path) -> None:
    assert export(template(name), tmp_path / f"net{SUFFIXES[format_]}").max_difference is not None


@pytest.mark.slow
@pytest.mark.parametrize("entry", templates(), ids=lambda entry: entry.name)
def test_every_template_is_exported_and_proved(entry: Template, tmp_path: Path) -> None:
    """At a quarter of its width where it can be chosen, so that no file is large."""
    options = {"width": 25} if 25 in getattr(entry.choices.get("width"), "choices", ()) else {}
    report = export(entry.graph(**options), tmp_path / "net.onnx")
    assert report.max_difference is not None
    assert report.max_difference <= 1e-3


@pytest.mark.parametrize("format_", SUFFIXES)
def test_a_relative_path_is_where_the_caller_stands(format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = export(template("mlp-3-4-2"), f"net{SUFFIXES[format_]}")
    assert report.path == tmp_path / f"net{SUFFIXES[format_]}"
    assert report.path.is_file()


def test_onnx_takes_any_batch_in_one_plain_file(tmp_path: Path) -> None:
    import onnx
    import onnxruntime

    module = trained(branching()).eval()
    export(module, tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx", load_external_data=False)
    assert (model.ir_version, model.opset_import[0].version, model.producer_name) == (10, 20, "netbuilder")
    assert [put.name for put in model.graph.input] == ["image", "extra"]
    assert [put.name for put in model.graph.output] == ["label", "value"]
    assert any(node.op_type == "BatchNormalization" for node in model.graph.node)
    session = onnxruntime.InferenceSession(tmp_path / "net.onnx")
    for batch in (1, 7):
        image, extra = torch.randn(batch, 2, 6, 6), torch.randn(batch, 4)
        results = session.run(None, {"image": image.numpy(), "extra": extra.numpy()})
        with torch.no_grad():
            assert all(np.allclose(r, e.numpy(), atol=1e-5) for r, e in zip(results, module(image, extra), strict=True))


def test_sums_that_onnx_cannot_express_are_refused(tmp_path: Path) -> None:
    settings = {"kernel_size": 2, "stride": 2}
    steps = [("input", {"shape": (2, 5, 5)}), ("sumpool2d", settings, "sums"), "output"]
    assert export(chain(steps), tmp_path / "net.onnx").max_difference == pytest.approx(0, abs=1e-6)
    with pytest.raises(ExportError, match="computes something else"):
        export(chain([steps[0], ("sumpool2d", {**settings, "ceil_mode": True}), "output"]), tmp_path / "other.onnx")
    assert not (tmp_path / "other.onnx").exists()


def test_pt2_takes_any_batch(tmp_path: Path) -> None:
    module = trained(template("lenet5")).eval()
    export(module, tmp_path / "net.pt2")
    program = torch.export.load(tmp_path / "net.pt2").module()
    for batch in (1, 7):
        x = torch.randn(batch, 1, 28, 28)
        assert torch.allclose(program(x), module(x), atol=1e-6)


def test_weights_load_into_the_written_source(tmp_path: Path) -> None:
    module = trained(branching())
    report = export(module, tmp_path / "my_net.py", include_weights=True)
    assert report.companions == (tmp_path / "my_net.safetensors",)
    from safetensors.torch import load_file

    space: dict[str, Any] = {"__name__": "written"}
    exec((tmp_path / "my_net.py").read_text(encoding="utf-8"), space)
    network = space["MyNet"]()
    network.load_state_dict(load_file(report.companions[0]))
    assert torch.equal(network.n1.running_mean, module.n1.running_mean)


def test_weights_come_from_mappings_and_files(tmp_path: Path) -> None:
    graph = template("mlp-3-4-2")
    module = trained(graph)
    state = {name: value.numpy() for name, value in module.state_dict().items()}
    export(graph, tmp_path / "one.safetensors", weights=state, verify=False)
    export(graph, tmp_path / "two.pt", weights=tmp_path / "one.safetensors", verify=False)
    loaded = torch.load(tmp_path / "two.pt", weights_only=True)
    assert all(torch.equal(loaded[name], value) for name, value in module.state_dict().items())


@pytest.mark.parametrize("format_", SUFFIXES)
def test_a_named_format_may_have_any_suffix(format_: str, tmp_path: Path) -> None:
    assert export(template("mlp-3-4-2"), tmp_path / "net.bin", format_).max_difference is not None


def test_documents_and_runs_are_exported_too(tmp_path: Path) -> None:
    graph = template("mlp-3-4-2")

    class Run:
        def model(self) -> Any:
            return compile_graph(graph, 4)

    export(Document(graph), tmp_path / "net.py", verify=False)
    assert (tmp_path / "net.py").read_text(encoding="utf-8") == source(graph, "Net")
    export(Run(), tmp_path / "net.pt", verify=False)
    weight = next(iter(torch.load(tmp_path / "net.pt", weights_only=True).values()))
    assert torch.equal(weight, next(compile_graph(graph, 4).parameters()))


def test_the_given_module_is_left_as_it_was(tmp_path: Path) -> None:
    module = compile_graph(template("mlp-3-4-2")).train()
    export(module, tmp_path / "net.pt", verify=False)
    assert module.training


def test_wrong_weights_are_refused(tmp_path: Path) -> None:
    other = compile_graph(template("lecture-cnn")).state_dict()
    with pytest.raises(ExportError, match="do not belong"):
        export(template("mlp-3-4-2"), tmp_path / "net.pt", weights=other)
    (tmp_path / "bad.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ExportError, match="not a safetensors file"):
        export(template("mlp-3-4-2"), tmp_path / "net.pt", weights=tmp_path / "bad.safetensors")


class _Liar(Safetensors):
    """Writes other weights than it was given."""

    def write(self, job: Job, path: Path) -> None:
        other = compile_graph(job.graph, seed=99)
        super().write(replace(job, module=other), path)


class _Broken(PythonSource):
    """Writes a file that Python cannot read."""

    def write(self, job: Job, path: Path) -> None:
        path.write_text("class (", encoding="utf-8")


@pytest.mark.parametrize(("liar", "sentence"), [(_Liar(), "computes something else"), (_Broken(), "could not be used again")])
def test_a_file_that_differs_never_replaces_the_target(
    liar: Format, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "net.dat"
    target.write_text("precious", encoding="utf-8")
    monkeypatch.setattr("netbuilder.exchange.export.choose", lambda *_: liar)
    with pytest.raises(ExportError, match=sentence):
        export(template("mlp-3-4-2"), target)
    assert target.read_text(encoding="utf-8") == "precious"
    assert list(tmp_path.iterdir()) == [target]


def test_cancelling_between_stages_leaves_nothing(tmp_path: Path) -> None:
    stages: list[str] = []

    def progress(stage: str) -> bool:
        stages.append(stage)
        return not stage.startswith("Reloading")

    with pytest.raises(ExportCancelledError):
        export(template("mlp-3-4-2"), tmp_path / "net.pt", progress=progress)
    assert stages == ["Preparing the network", "Writing PyTorch weights", "Reloading it in a fresh process and comparing"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_is_a_sentence(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Any, _job: Job, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(code, "disk trouble")

    monkeypatch.setattr(PythonSource, "write", full)
    with pytest.raises(ExportError, match="no space left" if code == errno.ENOSPC else "disk trouble"):
        export(template("mlp-3-4-2"), tmp_path / "net.py")
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    graph = template("mlp-3-4-2")
    with pytest.raises(ExportError, match="does not exist"):
        export(graph, tmp_path / "nowhere" / "net.py")
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(graph, tmp_path / "folder.py")


def test_a_locked_folder_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    monkeypatch.setattr("os.access", lambda *_: False)
    try:
        with pytest.raises(ExportError, match="cannot be written to"):
            export(template("mlp-3-4-2"), tmp_path / "net.py")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_formats_are_found_by_suffix_or_name() -> None:
    assert {name: choose(Path(f"a{suffix}")).about.name for name, suffix in SUFFIXES.items()} == {name: name for name in SUFFIXES}
    assert choose(Path("a.PTH")).about.name == "state-dict"
    assert choose(Path("a.bin"), "onnx").about.name == "onnx"
    assert set(formats()) >= set(SUFFIXES)
    for wrong in (lambda: choose(Path("a.xyz")), lambda: choose(Path("a")), lambda: choose(Path("a.py"), "word")):
        with pytest.raises(ExportError):
            wrong()


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="A dict cannot be exported"):
        export({}, tmp_path / "net.py")
    broken = chain([("input", {"shape": (1, 4, 4)}), ("conv2d", {"kernel_size": 9}), "output"])
    with pytest.raises(NetbuilderError):
        export(broken, tmp_path / "net.py")
    assert not list(tmp_path.iterdir())


def test_logarithms_of_negative_numbers_are_no_numbers_in_the_file_either(tmp_path: Path) -> None:
    report = export(chain([("input", {"shape": (8,)}), "log", "output"]), tmp_path / "net.onnx")
    assert report.max_difference is not None
    assert report.max_difference <= 1e-5
    with pytest.raises(ExportError, match="computes something else"):
        export(chain([("input", {"shape": (8,)}), "exp", "negate", "log", "output"]), tmp_path / "other.onnx")
