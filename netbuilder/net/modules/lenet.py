"""Layers of the original LeNet-5 that later networks no longer use: LeCun, Bottou, Bengio & Haffner 1998, section II.B."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812


class ScaledTanh(nn.Module):
    """`amplitude · tanh(slope · x)`, element by element."""

    def __init__(self, amplitude: float, slope: float) -> None:
        super().__init__()
        self.amplitude, self.slope = amplitude, slope

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x * self.slope) * self.amplitude


class Subsampling2d(nn.Module):
    """The sum of each window of a channel, times a learned coefficient, plus a learned bias.

    Starts as the mean of the window: `weight` (channels) is 1 / window size, `bias` (channels) is 0.
    """

    def __init__(self, channels: int, kernel_size: tuple[int, int], stride: tuple[int, int]) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        self.area = kernel_size[0] * kernel_size[1]
        self.weight = nn.Parameter(torch.full((channels,), 1 / self.area))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        sums = F.avg_pool2d(x, self.kernel_size, self.stride) * self.area
        return sums * self.weight[:, None, None] + self.bias[:, None, None]


class PartialConv2d(nn.Module):
    """A convolution in which each output map sees only those input maps that its row of `table` lists.

    `weight` holds the kernels of the connections only: (connections, height, width), in the order of the table.
    """

    places: Tensor

    def __init__(
        self,
        in_channels: int,
        table: tuple[tuple[int, ...], ...],
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.stride, self.padding = stride, padding
        connections = sum(len(row) for row in table)
        numbers = iter(range(connections))
        kernels = [{source: next(numbers) for source in row} for row in table]
        places = [[row.get(source, connections) for source in range(in_channels)] for row in kernels]
        self.register_buffer("places", torch.tensor(places), persistent=False)
        self.weight = nn.Parameter(torch.empty(connections, *kernel_size))
        self.bias = nn.Parameter(torch.empty(len(table))) if bias else None
        self.reset_parameters([len(row) for row in table])

    def reset_parameters(self, fans: list[int]) -> None:
        """Uniform within 1 / √(inputs of the map), as for any other convolution; `fans` are the input maps of each map."""
        start = 0
        for number, fan in enumerate(fans):
            bound = (fan * self.weight[0].numel()) ** -0.5
            nn.init.uniform_(self.weight[start : start + fan], -bound, bound)
            if self.bias is not None:
                nn.init.uniform_(self.bias[number : number + 1], -bound, bound)
            start += fan

    def forward(self, x: Tensor) -> Tensor:
        nothing = torch.zeros_like(self.weight[:1])
        kernels = torch.cat([self.weight, nothing])[self.places]
        return F.conv2d(x, kernels, self.bias, self.stride, self.padding)


class RadialBasis(nn.Module):
    """The squared distance of the input from the code of each class; negated, the nearest code scores best.

    `codes` are pictures of the ten digits (7×12 pixels of ±1) or scattered signs; they stay fixed unless `trainable`.
    """

    codes: Tensor

    def __init__(self, in_features: int, out_features: int, codes: str = "digits", trainable: bool = False, negate: bool = False) -> None:
        super().__init__()
        self.negate = negate
        if codes == "digits":
            pictures = (
                "1c3663636363636363361c00 0c1c3c0c0c0c0c0c0c0c3f00 3e636303060c183060607f00 3e630303031e030303633e00 "
                "02060e1e36667f0606060600 7f6060607e63030303633e00 1e3060607e63636363633e00 7f63030306060c0c18181800 "
                "3e636363633e636363633e00 3e636363633f030303063c00"
            )
            rows = [[bytes.fromhex(digit)[y] for y in range(12)] for digit in pictures.split()]
            signs = [[1.0 if row >> (6 - x) & 1 else -1.0 for row in digit for x in range(7)] for digit in rows]
            values = torch.tensor(signs)
        else:
            n = torch.arange(1, out_features * in_features + 1, dtype=torch.float64)
            scattered = (torch.sin(n * 12.9898) * 43758.5453).remainder(1)
            values = torch.where(scattered < 0.5, -1.0, 1.0).reshape(out_features, in_features)
        if values.shape != (out_features, in_features):
            raise ValueError("the codes of the digits are 10 pictures of 84 pixels")
        if trainable:
            self.codes = nn.Parameter(values)
        else:
            self.register_buffer("codes", values)

    def forward(self, x: Tensor) -> Tensor:
        distances = (x.unsqueeze(-2) - self.codes).square().sum(-1)
        return -distances if self.negate else distances
