"""Recurrent layers that return the state of the last layer after the last step: (batch, directions · hidden)."""

from torch import Tensor, nn


class LastOfRNN(nn.RNN):
    """The final state of an RNN, the directions side by side. Weights are named as those of torch."""

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        state = super().forward(x)[1]
        return state[-2 if self.bidirectional else -1 :].transpose(0, 1).flatten(1)


class LastOfGRU(nn.GRU):
    """The final state of a GRU, the directions side by side. Weights are named as those of torch."""

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        state = super().forward(x)[1]
        return state[-2 if self.bidirectional else -1 :].transpose(0, 1).flatten(1)


class LastOfLSTM(nn.LSTM):
    """The final output of an LSTM, the directions side by side. Weights are named as those of torch."""

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        state = super().forward(x)[1][0]
        return state[-2 if self.bidirectional else -1 :].transpose(0, 1).flatten(1)
