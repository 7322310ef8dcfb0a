"""Transformer blocks: Vaswani et al., Attention is all you need, 2017. Names inside are those of torch's encoder layer."""

from __future__ import annotations

from functools import cache

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter
from netbuilder.templates.blocks.declare import library_block


@library_block(
    "Self-attention, then two Linear layers, each added to its input and normalised: a transformer's brick.", rank=70, sample=(16, 64)
)
@cache
def transformer_encoder() -> Block:
    """x = norm(x + attention(x)), y = norm(x + W₂·relu(W₁·x)): one layer of a transformer's encoder, with torch's parameters."""
    net = Builder()
    x = net.add("input", name="x")
    at = net.add("multiheadattention", name="self_attn", num_heads="$heads", dropout="$dropout")
    net.wire(x, at, "query")
    seen = net.add("add", x, net.add("dropout", at, name="dropout1", p="$dropout"), name="add1")
    seen = net.add("layernorm", seen, name="norm1", normalized_shape="$channels", eps="$eps")
    at = net.add("relu", net.add("linear", seen, name="linear1", out_features="$feedforward"), name="activation")
    at = net.add("linear", net.add("dropout", at, name="dropout", p="$dropout"), name="linear2", out_features="$channels")
    at = net.add("add", seen, net.add("dropout", at, name="dropout2", p="$dropout"), name="add2")
    net.add("output", net.add("layernorm", at, name="norm2", normalized_shape="$channels", eps="$eps"), name="y")
    return net.block(
        "Transformer encoder",
        BlockParameter("channels", 64, "Channels of each place, in and out."),
        BlockParameter("heads", 4, "How many times attention is done side by side; must divide the channels."),
        BlockParameter("feedforward", 256, "Units of the first Linear layer."),
        BlockParameter("dropout", 0.1, "Share of numbers set to 0 while training."),
        BlockParameter("eps", 1e-5, "Added to the variance."),
    )
