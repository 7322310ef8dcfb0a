"""Maxout: Goodfellow, Warde-Farley, Mirza, Courville & Bengio, Maxout networks, 2013."""

from torch import Tensor, nn


class Maxout(nn.Module):
    """The maximum over each run of `pieces` neighbours along the axis `dim`."""

    def __init__(self, pieces: int, dim: int = 1) -> None:
        super().__init__()
        self.pieces, self.dim = pieces, dim

    def forward(self, x: Tensor) -> Tensor:
        axis = self.dim % x.ndim
        return x.unflatten(axis, (x.shape[axis] // self.pieces, self.pieces)).amax(axis + 1)
