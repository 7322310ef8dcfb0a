"""`netbuilder sweep`: what varies, in the words of the terminal, and a row for every size."""

from __future__ import annotations

import json

import pytest

from netbuilder.__main__ import main


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBUILDER_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    ("words", "titles", "parameters"),
    [
        (["--levels", "1/2,1"], ["× ½", "× 1"], [42, 114]),
        (["--width", "hidden2", "--levels", "1,2"], ["× 1", "× 2"], [114, 202]),
        (["--depth", "hidden2,tanh2", "--levels", "0,1"], ["left out", "1 copy"], [42, 114]),
        (["--setting", "hidden1.out_features", "--levels", "4,8"], ["out_features 4", "out_features 8"], [70, 114]),
        (["--option", "hidden_layers", "--levels", "1,2"], ["hidden_layers 1", "hidden_layers 2"], [42, 114]),
    ],
)
def test_sizes_in_the_words_of_the_terminal(
    words: list[str], titles: list[str], parameters: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "playground-2d", "--epochs", "1", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [point["title"] for point in found["points"]] == titles
    assert [point["parameters"] for point in found["points"]] == parameters
    assert all(point["validation"]["count"] == 1 and len(point["runs"]) == 1 for point in found["points"])
    assert found["message"].startswith("Best: ")


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "playground-2d", "--epochs", "1", "--seeds", "2", "--levels", "1,2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["size", "parameters", "training", "error", "validation", "error"]
    assert lines[1].startswith("× 1   114")
    assert "±" in lines[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--levels", "0,1"], "cannot be multiplied by 0"),
        (["--levels", "1,x"], "are no numbers"),
        (["--setting", "hidden1.out_features"], "no values to try"),
        (["--setting", "hidden1.size", "--levels", "1,2"], "Its whole numbers are: out_features"),
        (["--option", "size", "--levels", "1,2"], "has no option “size”"),
        (["--depth", "scores", "--levels", "0,1"], "would answer 8 instead of 2"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "playground-2d", *words]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error
