"""What the command line says, read with and without a parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from netbuilder.ui.options import Options, read_options


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], Options()),
        (["--report-ready"], Options(report_ready=True)),
        (["--safe-mode"], Options(safe_mode=True)),
        (["--safe-mode", "net.netb", "--report-ready"], Options(Path("net.netb"), report_ready=True, safe_mode=True)),
    ],
)
def test_options(words: list[str], expected: Options) -> None:
    assert read_options(words) == expected


def test_what_is_unknown_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--fast"])
    assert "--fast" in capsys.readouterr().err
