"""Inception modules: parallel branches that look at several scales, joined feature map by feature map.

Szegedy et al.: Going deeper with convolutions, 2015 (GoogLeNet) and Rethinking the Inception architecture, 2016 (v3, kinds A to E).
Names inside are those of torchvision.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from netbuilder.core.build import Builder
from netbuilder.core.graph import Block, BlockParameter, Value
from netbuilder.templates.blocks.convolution import conv_bn_relu
from netbuilder.templates.blocks.declare import library_block

EPS = 1e-3
_Kernel = int | tuple[int, int]


def convolve(net: Builder, source: str, name: str, channels: Value, kernel: _Kernel = 1, stride: int = 1, *, same: bool = True) -> str:
    """One use of Conv-BN-ReLU with the ε of the Inception networks; `same` keeps height and width."""
    around = tuple(size // 2 for size in kernel) if isinstance(kernel, tuple) else kernel // 2
    settings: dict[str, Value] = {"channels": channels, "kernel_size": kernel}
    settings |= {"stride": stride} if stride > 1 else {}
    settings |= {"padding": around} if same and kernel != 1 else {}
    return net.use(conv_bn_relu(), source, name=name, **settings, eps=EPS)


def _join(net: Builder, name: str, branches: Sequence[str], *parameters: BlockParameter) -> Block:
    net.add("output", net.add("concat", *branches, name="concat"), name="y")
    return net.block(name, *parameters)


def _begin() -> tuple[Builder, str]:
    net = Builder()
    return net, net.add("input", name="x")


@library_block("1×1, 3×3 twice and pooling side by side, joined: GoogLeNet.", rank=30, sample=(192, 28, 28))
@cache
def inception() -> Block:
    """GoogLeNet's module: 1×1, 3×3 twice, and pooling; the larger kernels see fewer, 1×1-reduced feature maps.

    The third branch has a 3×3 kernel as in torchvision's published weights, where the paper has 5×5.
    """
    net, x = _begin()
    one = convolve(net, x, "branch1", "$ones")
    three = convolve(net, convolve(net, x, "branch2_0", "$threes_reduced"), "branch2_1", "$threes", 3)
    five = convolve(net, convolve(net, x, "branch3_0", "$fives_reduced"), "branch3_1", "$fives", 3)
    pool = net.add("maxpool2d", x, name="branch4_0", kernel_size=3, stride=1, padding=1, ceil_mode=True)
    pool = convolve(net, pool, "branch4_1", "$pooled")
    parameters = (
        BlockParameter("ones", 64, "Feature maps of the 1×1 branch."),
        BlockParameter("threes_reduced", 96, "Feature maps before the second branch's kernel."),
        BlockParameter("threes", 128, "Feature maps of the second branch."),
        BlockParameter("fives_reduced", 16, "Feature maps before the third branch's kernel."),
        BlockParameter("fives", 32, "Feature maps of the third branch."),
        BlockParameter("pooled", 32, "Feature maps of the pooling branch."),
    )
    return _join(net, "Inception", (one, three, five, pool), *parameters)


@cache
def auxiliary() -> Block:
    """GoogLeNet's second opinion halfway up: it lets the gradient reach the early layers."""
    net, at = _begin()
    at = convolve(net, net.add("adaptiveavgpool2d", at, name="avgpool", output_size=4), "conv", 128)
    at = net.add("linear", net.add("flatten", at, name="flatten"), name="fc1", out_features=1024)
    at = net.add("dropout", net.add("relu", at, name="relu"), name="dropout", p=0.7)
    net.add("output", net.add("linear", at, name="fc2", out_features="$classes"), name="y")
    return net.block("Auxiliary head", BlockParameter("classes", 1000, "How many classes there are."))


@library_block("35×35: 1×1, 5×5, twice 3×3 and pooling side by side.", rank=31, sample=(192, 35, 35))
@cache
def inception_a() -> Block:
    """35×35: 1×1, 5×5, twice 3×3, and average pooling."""
    net, x = _begin()
    step = partial(convolve, net)
    one = step(x, "branch1x1", 64)
    five = step(step(x, "branch5x5_1", 48), "branch5x5_2", 64, 5)
    three = step(step(step(x, "branch3x3dbl_1", 64), "branch3x3dbl_2", 96, 3), "branch3x3dbl_3", 96, 3)
    pool = step(_average(net, x), "branch_pool", "$pooled")
    return _join(net, "Inception A", (one, five, three, pool), BlockParameter("pooled", 32, "Feature maps of the pooling branch."))


@library_block("From 35×35 to 17×17 in three ways at once.", rank=32, sample=(288, 35, 35))
@cache
def inception_b() -> Block:
    """From 35×35 to 17×17."""
    net, x = _begin()
    step = partial(convolve, net)
    three = step(x, "branch3x3", 384, 3, 2, same=False)
    double = step(step(x, "branch3x3dbl_1", 64), "branch3x3dbl_2", 96, 3)
    double = step(double, "branch3x3dbl_3", 96, 3, 2, same=False)
    return _join(net, "Inception B", (three, double, _halve(net, x)))


@library_block("17×17: a 7×7 kernel as 1×7 after 7×1.", rank=33, sample=(768, 17, 17))
@cache
def inception_c() -> Block:
    """17×17: a 7×7 kernel as 1×7 after 7×1."""
    net, x = _begin()
    step = partial(convolve, net)
    one = step(x, "branch1x1", 192)
    seven = step(step(step(x, "branch7x7_1", "$width"), "branch7x7_2", "$width", (1, 7)), "branch7x7_3", 192, (7, 1))
    double = step(x, "branch7x7dbl_1", "$width")
    for number, kernel in enumerate(((7, 1), (1, 7), (7, 1)), 2):
        double = step(double, f"branch7x7dbl_{number}", "$width", kernel)
    double = step(double, "branch7x7dbl_5", 192, (1, 7))
    pool = step(_average(net, x), "branch_pool", 192)
    return _join(net, "Inception C", (one, seven, double, pool), BlockParameter("width", 128, "Feature maps inside the 7×7 branches."))


@library_block("From 17×17 to 8×8 in three ways at once.", rank=34, sample=(768, 17, 17))
@cache
def inception_d() -> Block:
    """From 17×17 to 8×8."""
    net, x = _begin()
    step = partial(convolve, net)
    three = step(step(x, "branch3x3_1", 192), "branch3x3_2", 320, 3, 2, same=False)
    seven = step(step(step(x, "branch7x7x3_1", 192), "branch7x7x3_2", 192, (1, 7)), "branch7x7x3_3", 192, (7, 1))
    seven = step(seven, "branch7x7x3_4", 192, 3, 2, same=False)
    return _join(net, "Inception D", (three, seven, _halve(net, x)))


@library_block("8×8: branches that end in 1×3 beside 3×1.", rank=35, sample=(1280, 8, 8))
@cache
def inception_e() -> Block:
    """8×8: branches that end in 1×3 beside 3×1."""
    net, x = _begin()
    step = partial(convolve, net)
    one = step(x, "branch1x1", 320)
    three = step(x, "branch3x3_1", 384)
    three = _fork(net, three, "branch3x3_2")
    double = step(step(x, "branch3x3dbl_1", 448), "branch3x3dbl_2", 384, 3)
    double = _fork(net, double, "branch3x3dbl_3")
    pool = step(_average(net, x), "branch_pool", 192)
    return _join(net, "Inception E", (one, three, double, pool))


@cache
def auxiliary_v3() -> Block:
    """The second opinion of Inception v3, above the 17×17 modules."""
    net, at = _begin()
    at = net.add("avgpool2d", at, name="pool", kernel_size=5, stride=3)
    at = convolve(net, convolve(net, at, "conv0", 128), "conv1", 768, 5, same=False)
    at = net.add("flatten", net.add("adaptiveavgpool2d", at, name="avgpool", output_size=1), name="flatten")
    net.add("output", net.add("linear", at, name="fc", out_features="$classes"), name="y")
    return net.block("Auxiliary head", BlockParameter("classes", 1000, "How many classes there are."))


def _average(net: Builder, x: str) -> str:
    return net.add("avgpool2d", x, name="pool", kernel_size=3, stride=1, padding=1)


def _halve(net: Builder, x: str) -> str:
    return net.add("maxpool2d", x, name="pool", kernel_size=3, stride=2)


def _fork(net: Builder, source: str, name: str) -> str:
    """1×3 beside 3×1, joined."""
    wide = convolve(net, source, f"{name}a", 384, (1, 3))
    high = convolve(net, source, f"{name}b", 384, (3, 1))
    return net.add("concat", wide, high, name=f"{name}_concat")
