"""Python in a project: never run before consent to exactly that text, and an ordinary layer afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import netbuilder as nb
from netbuilder.app import consent
from netbuilder.cli.main import main
from netbuilder.core.errors import NetbuilderError
from netbuilder.core.files import dumps, loads, save
from netbuilder.layers.custom import EXAMPLE
from netbuilder.net import custom

TWICE = """class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Conv2d(3, 6, 3, padding=1)

    def forward(self, x):
        return F.relu(self.inner(x)) * 2
"""


@pytest.fixture(autouse=True)
def nothing_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path / "home"))
    custom.forbid()
    yield
    custom.forbid()


def network(source: str) -> nb.Graph:
    steps = [("input", {"shape": (3, 8, 8)}), ("python", {"source": source}), "flatten", ("linear", {"out_features": 2}), "output"]
    return nb.chain(steps)


def spy(path: Path) -> str:
    return f"open({str(path)!r}, 'w').close()\n{TWICE}"


def messages(graph: nb.Graph) -> list[str]:
    return [problem.message for problem in nb.analyze(graph).errors]


def test_nothing_is_run_without_consent(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    graph = network(spy(trace))
    save(nb.Document(graph).project, tmp_path / "net.netb")
    assert messages(nb.open(tmp_path / "net.netb").graph)[0] == "The Python of “Twice” has not been allowed, so it is not run."
    for use in (nb.compile, nb.source, lambda g: nb.export(g, tmp_path / "net.onnx"), lambda g: nb.export(g, tmp_path / "net.py")):
        with pytest.raises(NetbuilderError, match="not been allowed"):
            use(graph)
    for command in ("summary", "check"):
        main([command, str(tmp_path / "net.netb")])
    main(["picture", str(tmp_path / "net.netb"), "-o", str(tmp_path / "a.svg")])
    custom.allow(custom.digest(TWICE))
    messages(graph)
    assert not trace.exists(), "consent to another text is none to this one"


def test_after_consent_it_is_a_layer_like_any_other() -> None:
    graph = network(TWICE)
    custom.allow(custom.digest(TWICE))
    analysis = nb.analyze(graph)
    python = graph.by_name["python_1"].id
    assert not analysis.errors
    assert analysis.nodes[python].output_shapes == ((None, 6, 8, 8),)
    assert analysis.nodes[python].parameters == 3 * 6 * 9 + 6
    module = nb.compile(graph)
    assert sum(weight.numel() for weight in module.parameters()) == analysis.parameters
    assert loads(dumps(nb.Document(graph).project)).graph == graph


def test_written_source_computes_the_same() -> None:
    import torch

    custom.allow(custom.digest(TWICE))
    module = nb.compile(network(TWICE))
    names: dict[str, object] = {"__name__": "written"}
    exec(compile(nb.source(network(TWICE)), "written", "exec"), names)
    again = names["Network"]()  # type: ignore[operator]
    again.load_state_dict(module.state_dict())
    sample = torch.randn(2, 3, 8, 8)
    assert torch.equal(again.eval()(sample), module.eval()(sample))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("class Twice(nn.Module:\n    pass", "This is not Python in line 1"),
        ("x = 1", "There is no class in this Python"),
        ("class Twice:\n    pass", "“Twice” is no nn.Module"),
        ("import nothing_of_the_kind\n" + TWICE, "failed in line 1: ModuleNotFoundError"),
        (TWICE.replace("nn.Conv2d(3,", "nn.Conv2d(4,"), "failed in line 7: RuntimeError"),
        (TWICE.replace("return F.relu(self.inner(x)) * 2", "return 3"), "must give one tensor"),
        (TWICE.replace("return F.relu(self.inner(x)) * 2", "return x.sum()"), "must give one tensor"),
        (TWICE.replace("return F.relu(self.inner(x)) * 2", "return x.undefined"), "AttributeError"),
    ],
)
def test_faults_are_sentences(source: str, sentence: str) -> None:
    custom.allow(custom.digest(source))
    assert sentence in messages(network(source))[0]
    with pytest.raises(NetbuilderError):
        nb.compile(network(source))


def test_two_classes_of_one_name_cannot_be_written_together() -> None:
    other = TWICE.replace("* 2", "* 3").replace("Conv2d(3,", "Conv2d(6,")
    steps = [("input", {"shape": (3, 8, 8)}), ("python", {"source": TWICE}), ("python", {"source": other}), "output"]
    custom.allow_all()
    with pytest.raises(NetbuilderError, match="call their class “Twice”"):
        nb.source(nb.chain(steps))


def test_consent_is_kept_for_this_text_alone(tmp_path: Path) -> None:
    consent.give(EXAMPLE)
    custom.forbid()
    assert not custom.is_allowed(EXAMPLE)
    consent.restore()
    assert custom.is_allowed(EXAMPLE)
    assert not custom.is_allowed(EXAMPLE + " ")
    (tmp_path / "home" / "allowed-python.json").write_text('{"sha256": 7}')
    custom.forbid()
    consent.restore()
    assert not custom.is_allowed(EXAMPLE)


def test_the_terminal_asks_for_a_flag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(nb.Document(network(TWICE)).project, tmp_path / "net.netb")
    assert main(["check", str(tmp_path / "net.netb")]) == 1
    said = capsys.readouterr()
    assert "has not been allowed" in said.out + said.err
    assert main(["check", str(tmp_path / "net.netb"), "--allow-python"]) == 0
