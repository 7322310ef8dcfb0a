"""Maxout: Goodfellow, Warde-Farley, Mirza, Courville & Bengio, Maxout networks, 2013."""

from torch import Tensor, nn


class Maxout(nn.Module):
    """The maximum over each run of `pieces` neighbours along the axis `dim`."""

    def __init__(self, pieces: int, dim: int = 1) -> None:
        super().__init__()
        self.pieces, self.dim = pieces, dim

    def forward(self, x: Tensor) -> Tensor:
        axis = self.dim % x.ndim
        rivals = (*x.shape[:axis], x.shape[axis] // self.pieces, self.pieces, *x.shape[axis + 1 :])
        return x.reshape(rivals).amax(axis + 1)
