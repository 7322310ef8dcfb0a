"""What the curvature of the loss at a point says about learning there, in sentences."""

from __future__ import annotations

import math

from netbuilder.train.landscape.curvature import Curvature
from netbuilder.train.optimizers import SGD
from netbuilder.train.recipe import Recipe


def meaning(found: Curvature, recipe: Recipe) -> tuple[str, ...]:
    """Convex or saddle, how steep and how uneven, and what that allows the learning rate to be."""
    sentences = [_shape(found), _slope(found)]
    if found.top > 0:
        sentences += [_rate(found, recipe), _condition(found)]
    if not found.exact:
        text = "A layer of this network cannot be differentiated twice, so gradients a small step apart were subtracted: good to about 1 %."
        sentences.append(text)
    return tuple(sentences)


def _shape(found: Curvature) -> str:
    below = f"the smallest eigenvalue is {found.bottom:.3g}"
    match found.shape:
        case "flat":
            return "The loss is flat here: every eigenvalue is 0."
        case "convex":
            known = "no direction curves downward" if found.whole else f"no direction was found that curves downward ({below})"
            return f"Convex at this point: {known}."
        case "concave":
            return f"The loss curves downward in every direction that was found: {below}."
    where = "close to a saddle point" if found.level else "the shape of a saddle, on a slope"
    return f"Not convex: some directions curve upward, others downward ({below}). This is {where}."


def _slope(found: Curvature) -> str:
    if found.level:
        gain = f", along which a step gains at most about {found.slope**2 / (2 * found.top):.2g}"
        return f"The gradient has the length {found.slope:.2g}{gain}: next to nothing. What there is still to gain lies far off."
    return f"The gradient has the length {found.slope:.2g}: learning is still on its way downhill."


def _rate(found: Curvature, recipe: Recipe) -> str:
    optimizer = recipe.optimizer
    plain = f"Gradient descent with all samples is stable below a rate of 2/λ₁ = {found.limit:.2g}"
    across = "above it, every step jumps further across the valley"
    if not isinstance(optimizer, SGD):
        return f"{plain}; {across}. {optimizer.about.title} has rates of its own for every weight."
    beta = optimizer.momentum
    words = f" (with momentum {beta:g}: (2 + 2·{beta:g})/λ₁ = {found.limit * (1 + beta):.2g})" if beta else ""
    return f"{plain}{words}; {across}. The recipe's rate is {optimizer.learning_rate:g}."


def _condition(found: Curvature) -> str:
    if found.condition == math.inf:
        return "Some directions are flat, so the condition number is infinite: what the loss does not feel, gradient descent never moves."
    least = "" if found.whole else "at least "
    return (
        f"The condition number is {least}{found.condition:.3g}: at the rate that suits the steepest direction, a typical other one needs "
        f"about {found.condition:.3g} times as many steps. Momentum and Adam are made for that."
    )
