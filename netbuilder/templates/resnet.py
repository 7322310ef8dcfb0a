"""ResNet: layers that learn what to add to their input."""

from __future__ import annotations

from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph
from netbuilder.templates.declare import Option, recipe, stripes, template_of


@template_of(
    "resnet18",
    "ResNet-18",
    "Eight residual blocks of two 3×3 convolutions with identity shortcuts: 11,689,512 parameters.",
    options={
        "classes": Option(1000, "How many classes there are.", least=2),
        "image_size": Option(224, "Height and width of the images, in pixels.", least=32, most=1024),
    },
    training=recipe(0.1, 90, batch=256, decay=1e-4),
    data=stripes,
    paper="He, Zhang, Ren & Sun: Deep residual learning for image recognition, 2016",
    rank=70,
)
def resnet18(classes: int, image_size: int) -> Graph:
    """Four stages of two blocks; the first block of a later stage halves the image and doubles the channels."""
    net = Builder()
    at = net.add("input", name="input", shape=(3, image_size, image_size))
    at = _convolve(net, at, 64, 7, 2, "conv1", "bn1")
    at = net.add("relu", at, name="relu1")
    at = net.add("maxpool2d", at, name="maxpool", kernel_size=3, stride=2, padding=1)
    for stage, width in enumerate((64, 128, 256, 512), 1):
        for number in (0, 1):
            at = _basic_block(net, at, width, 2 if stage > 1 and number == 0 else 1, f"layer{stage}_{number}")
    at = net.add("adaptiveavgpool2d", at, name="avgpool", output_size=1)
    at = net.add("flatten", at, name="flatten")
    at = net.add("linear", at, name="fc", out_features=classes)
    net.add("output", at, name="output")
    return net.graph()


def _basic_block(net: Builder, source: str, width: int, stride: int, name: str) -> str:
    """relu(F(x) + x); where the shape changes a 1×1 convolution brings x along."""
    at = _convolve(net, source, width, 3, stride, f"{name}_conv1", f"{name}_bn1")
    at = net.add("relu", at, name=f"{name}_relu1")
    at = _convolve(net, at, width, 3, 1, f"{name}_conv2", f"{name}_bn2")
    if stride > 1:
        source = _convolve(net, source, width, 1, stride, f"{name}_down", f"{name}_down_bn")
    return net.add("relu", net.add("add", at, source, name=f"{name}_add"), name=f"{name}_relu2")


def _convolve(net: Builder, source: str, width: int, kernel: int, stride: int, name: str, norm: str) -> str:
    """Convolution without bias, then batch normalisation."""
    settings = {"out_channels": width, "kernel_size": kernel, "stride": stride, "padding": kernel // 2, "bias": False}
    plain = {"stride": 1, "padding": 0}
    changed = {key: value for key, value in settings.items() if plain.get(key) != value}
    return net.add("batchnorm2d", net.add_settings("conv2d", changed, source, name=name), name=norm)
