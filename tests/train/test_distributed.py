"""The shares of a batch, and what several processes refuse."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from netbuilder.train.distributed import Team, joined
from netbuilder.train.errors import RecipeError
from tests.train.material import recipe


def team(rank: int, size: int) -> Team:
    return Team(rank, size, rank, size)


@given(st.integers(1, 70), st.integers(2, 8), st.integers(1, 2))
def test_shares_cover_a_batch_once_and_in_order(count: int, size: int, least: int) -> None:
    batch = torch.arange(count)
    parts = [team(rank, size).part(batch, least) for rank in range(size)]
    counting = [part for part, weight in parts if weight > 0]
    assert torch.cat(counting).tolist() == batch.tolist()
    assert sum(weight for _, weight in parts) == pytest.approx(1)
    assert all(len(part) >= min(least, count) for part, _ in parts)


def test_shares_weigh_what_they_hold() -> None:
    assert [team(rank, 2).part(torch.arange(13))[1] for rank in (0, 1)] == [7 / 13, 6 / 13]


@pytest.mark.parametrize(
    ("settings", "says"), [({"batch_size": 1}, "too small for 2 processes"), ({"device": "cuda:0"}, "cannot share “cuda:0”")]
)
def test_what_two_processes_cannot_do(settings: dict[str, object], says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        team(0, 2).localised(recipe(**settings))


def test_one_process_is_no_team(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in ("", "1"):
        monkeypatch.setenv("WORLD_SIZE", size or "1")
        with joined() as found:
            assert found is None
