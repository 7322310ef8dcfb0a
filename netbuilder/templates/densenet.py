"""DenseNet: every layer sees the feature maps of all before it; and CheXNet, which reads X-ray pictures with one."""

from __future__ import annotations

from collections.abc import Mapping

from netbuilder.core.build import Builder
from netbuilder.core.graph import Graph, Value
from netbuilder.templates.blocks.dense import dense_layer, transition
from netbuilder.templates.declare import Option, image_options, recipe, stripes, template_of

FAMILY = "DenseNet"

_GROWTH = 32
_LAYERS = (6, 12, 24, 16)


@template_of(
    "densenet121",
    "DenseNet-121",
    "Four dense blocks of 6, 12, 24 and 16 layers that each add 32 feature maps: 7,978,856 parameters.",
    options=image_options(224, 32),
    training=recipe(0.1, 90, batch=256, decay=1e-4),
    data=stripes,
    paper="Huang, Liu, van der Maaten & Weinberger: Densely connected convolutional networks, 2017",
    rank=100,
)
def densenet121(classes: int, image_size: int) -> Graph:
    """For images of ImageNet; the names are those of torchvision."""
    return _network(classes, image_size, {})


def _x_rays(findings: int, image_size: int, **_options: Value) -> Mapping[str, Value]:
    return stripes(image_size, max(2, findings))


@template_of(
    "chexnet",
    "CheXNet",
    "DenseNet-121 with 14 yes-or-no answers, one for each finding in a chest X-ray: 6,968,206 parameters.",
    options={
        "findings": Option(14, "Yes-or-no answers for each picture.", least=2, most=1_000),
        **{name: option for name, option in image_options(224, 32).items() if name != "classes"},
    },
    training=recipe(0.001, 20, batch=16, optimizer="adam"),
    data=_x_rays,
    paper="Rajpurkar et al.: CheXNet: radiologist-level pneumonia detection on chest X-rays with deep learning, 2017",
    rank=101,
)
def chexnet(findings: int, image_size: int) -> Graph:
    """DenseNet-121, pretrained on ImageNet in the paper, with sigmoid outputs: any number of findings may be right."""
    return _network(findings, image_size, {"task": "labels"})


def _network(classes: int, image_size: int, task: Mapping[str, Value]) -> Graph:
    net = Builder()
    at = net.add("input", name="input", shape=(3, image_size, image_size))
    at = net.add("conv2d", at, name="features_conv0", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    at = net.add("relu", net.add("batchnorm2d", at, name="features_norm0"), name="features_relu0")
    at = net.add("maxpool2d", at, name="features_pool0", kernel_size=3, stride=2, padding=1)
    channels = 64
    for number, many in enumerate(_LAYERS, 1):
        at = net.use(dense_layer(), at, name=f"features_denseblock{number}_denselayer1", repeat=many, growth=_GROWTH)
        channels += many * _GROWTH
        if number < len(_LAYERS):
            channels //= 2
            at = net.use(transition(), at, name=f"features_transition{number}", channels=channels)
    at = net.add("relu", net.add("batchnorm2d", at, name="features_norm5"), name="features_relu5")
    at = net.add("flatten", net.add("adaptiveavgpool2d", at, name="avgpool", output_size=1), name="flatten")
    at = net.add("linear", at, name="classifier", out_features=classes)
    net.add_settings("output", task, at, name="output")
    return net.graph()
