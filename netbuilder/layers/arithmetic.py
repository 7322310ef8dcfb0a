"""Arithmetic on single numbers: functions and constants, applied to each element."""

from __future__ import annotations

from math import cos, exp, log, sin, sqrt
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from netbuilder.layers.checks import floating
from netbuilder.layers.declare import Category, Function, Layer, LayerError, Method, Shaped, Target, TensorSpec, declare, say, unchanged
from netbuilder.layers.settings import Real


class _OfOne(Layer, frozen=True):
    """A function of torch that takes one number; `whole` functions take whole numbers, too."""

    function: ClassVar[str] = ""
    whole: ClassVar[bool] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if not self.whole:
            floating(self, inputs[0])
        return unchanged(inputs[0])

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function(f"torch.{self.function}", self.arguments())


def _function(title: str, glyph: str, tip: str, formula: str, *keywords: str) -> Any:
    more = {"formula": formula, "keywords": ("arithmetic", "function", *keywords)}
    return declare(title.lower(), title, Category.ARITHMETIC, glyph, tip, **more)


@_function("Negate", "subtract", "Turns the sign of every value.", "y = −x", "neg", "minus")
class Negate(_OfOne, frozen=True):
    """Values with the opposite sign."""

    function = "neg"
    whole = True

    def curve(self, x: float) -> float:
        return -x


@_function("Abs", "abs", "Drops the sign of every value.", "y = |x|", "absolute", "magnitude")
class Abs(_OfOne, frozen=True):
    """Absolute values."""

    function = "abs"
    whole = True

    def curve(self, x: float) -> float:
        return abs(x)


@_function("Exp", "exp", "Raises e to every value.", "y = eˣ", "exponential")
class Exp(_OfOne, frozen=True):
    """Exponential function."""

    function = "exp"

    def curve(self, x: float) -> float:
        return exp(x)


@_function("Log", "log", "Takes the natural logarithm of every value, which must be above 0.", "y = ln x", "logarithm", "ln")
class Log(_OfOne, frozen=True):
    """Natural logarithm."""

    function = "log"

    def curve(self, x: float) -> float | None:
        return log(x) if x > 0 else None


@_function("Sqrt", "log", "Takes the square root of every value, which must not be below 0.", "y = √x", "square root")
class Sqrt(_OfOne, frozen=True):
    """Square root."""

    function = "sqrt"

    def curve(self, x: float) -> float | None:
        return sqrt(x) if x >= 0 else None


@_function(
    "Rsqrt", "reciprocal", "Takes 1 over the square root of every value, which must be above 0.", "y = 1 / √x", "inverse square root"
)
class Rsqrt(_OfOne, frozen=True):
    """Reciprocal square root."""

    function = "rsqrt"

    def curve(self, x: float) -> float | None:
        return 1 / sqrt(x) if x > 0 else None


@_function("Reciprocal", "reciprocal", "Takes 1 over every value, which must not be 0.", "y = 1 / x", "inverse", "divide")
class Reciprocal(_OfOne, frozen=True):
    """Reciprocal."""

    function = "reciprocal"

    def curve(self, x: float) -> float | None:
        return 1 / x if x else None


@_function("Sin", "sine", "Takes the sine of every value, in radians.", "y = sin x", "sine", "wave", "periodic")
class Sin(_OfOne, frozen=True):
    """Sine."""

    function = "sin"

    def curve(self, x: float) -> float:
        return sin(x)


@_function("Cos", "sine", "Takes the cosine of every value, in radians.", "y = cos x", "cosine", "wave", "periodic")
class Cos(_OfOne, frozen=True):
    """Cosine."""

    function = "cos"

    def curve(self, x: float) -> float:
        return cos(x)


@_function("Power", "power", "Raises every value to a fixed power.", "y = xᵖ", "pow", "square", "cube", "exponent")
class Power(_OfOne, frozen=True):
    """A fixed power of each element."""

    function = "pow"

    exponent: Annotated[Annotated[float, Meta(ge=-64.0, le=64.0)], Meta(description="The power: 2 squares, 0.5 takes the root.")] = 2.0

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.pow", self.arguments("exponent"))

    def curve(self, x: float) -> float | None:
        if (x < 0 and self.exponent != int(self.exponent)) or (x == 0 and self.exponent < 0):
            return None
        return float(x**self.exponent)

    def summary(self) -> str:
        return f"power {say(self.exponent)}"


@_function("Clamp", "hardtanh", "Cuts values off below a lower and above an upper limit.", "y = min(max(x, a), b)", "clip", "limit")
class Clamp(_OfOne, frozen=True):
    """Values kept between two limits, either of which may be missing."""

    function = "clamp"

    min: Annotated[Real | None, Meta(description="Lower limit; empty for none.")] = 0.0
    max: Annotated[Real | None, Meta(description="Upper limit; empty for none.")] = 1.0

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.min is None and self.max is None:
            changes = (("Set min to 0", {"min": 0.0}), ("Set max to 1", {"max": 1.0}))
            raise LayerError("Clamp has neither a lower nor an upper limit.", remedy="Set at least one.", setting="min", changes=changes)
        return _OfOne.shape(self, *inputs)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Function("torch.clamp", self.arguments("min", "max"))

    def curve(self, x: float) -> float:
        low = x if self.min is None else max(x, self.min)
        return low if self.max is None else min(low, self.max)

    def summary(self) -> str:
        return " … ".join("" if limit is None else say(limit) for limit in (self.min, self.max)).strip()


_SIGNS = {"add": ("add", "+"), "subtract": ("sub", "−"), "multiply": ("mul", "·"), "divide": ("div", "/"), "subtract from": ("rsub", "−")}


@_function(
    "Scalar", "scalar", "Adds a fixed number to every value, or multiplies by one.", "y = x + c", "constant", "add", "multiply", "scale"
)
class Scalar(Layer, frozen=True):
    """Each element and a fixed number under an operation; `subtract from` gives c − x."""

    operation: Annotated[
        Literal["add", "subtract", "multiply", "divide", "subtract from"], Meta(description="What is done with the number.")
    ] = "add"
    value: Annotated[Real, Meta(description="The fixed number.")] = 1.0

    def shape(self, *inputs: TensorSpec) -> Shaped:
        if self.operation == "divide" and self.value == 0:
            raise LayerError(
                "Scalar divides by 0.", remedy="Use another number.", setting="value", changes=(("Divide by 1", {"value": 1.0}),)
            )
        return Shaped((TensorSpec(inputs[0].shape, "float32"),), unchanged(inputs[0]).why)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Function(f"torch.{_SIGNS[self.operation][0]}", {"other": self.value})

    def curve(self, x: float) -> float:
        other = self.value
        sums = {"add": x + other, "subtract": x - other, "multiply": x * other, "subtract from": other - x}
        return sums[self.operation] if self.operation in sums else x / other

    def summary(self) -> str:
        sign = _SIGNS[self.operation][1]
        return f"{say(self.value)} {sign} x" if self.operation == "subtract from" else f"{sign} {say(self.value)}"


@declare(
    "detach",
    "Detach",
    Category.ARITHMETIC,
    "detach",
    "Lets values through but no gradients, so that nothing before it learns from here.",
    formula="y = x,  ∂y/∂x = 0",
    paper="Chen & He: Exploring simple Siamese representation learning, 2021",
    keywords=("stop", "gradient", "freeze", "stop gradient"),
)
class Detach(Layer, frozen=True):
    """A wall for gradients."""

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        return Method("detach")
