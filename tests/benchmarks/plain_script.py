"""The baseline: LeNet-5 on MNIST as one would write it without Netbuilder. Prints one JSON object.

    python plain_script.py EPOCHS [DEVICE]
"""

from __future__ import annotations

import json
import sys
import time

import psutil
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from netbuilder.data.load import load


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


def main(epochs: int, device: str) -> None:
    torch.manual_seed(0)
    part = load({"source": {"name": "mnist"}}).train
    inputs = (torch.from_numpy(part.inputs[:].copy()).float() / 255 - 0.1307) / 0.3081
    loader = DataLoader(TensorDataset(inputs, torch.from_numpy(part.targets[:].copy())), batch_size=64, shuffle=True)
    model = network().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    rates = []
    for _ in range(epochs):
        begin = time.perf_counter()
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x.to(device)), y.to(device)).backward()
            optimizer.step()
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        rates.append(len(part) / (time.perf_counter() - begin))
    print(json.dumps({"images_per_second": rates, "memory": psutil.Process().memory_info().rss, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "cpu")
