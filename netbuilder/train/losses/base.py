"""What every loss has, and the usual losses: cross-entropy, squared error and binary cross-entropy."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from netbuilder.data.sampling import class_weights
from netbuilder.train.declare import Declared, Family
from netbuilder.train.errors import TrainingError
from netbuilder.train.losses.probes import ERRORS, SCORES, YES, Probe
from netbuilder.train.losses.targets import check_range, check_values, count, has_classes, like, of_samples, show
from netbuilder.train.losses.unlabelled import labelled, mean_known, of_known, told

if TYPE_CHECKING:
    import torch

    from netbuilder.data.dataset import Part

Weight = Annotated[float, Meta(ge=0.0, le=1e6)]


class Loss(Declared, frozen=True):
    """Base of all losses. `output` and `target` are batches; `probe` is what it is drawn over, if it can be."""

    probe: ClassVar[Probe | None] = None

    @abstractmethod
    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of every sample, (N,) on the device; over elements or positions of a sample it is the mean."""

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of a batch, a scalar on its device."""
        return self.each(output, target).mean()

    def correct(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        """How many samples' answers are right, a scalar on the device; `None` when the task has no classes."""
        return None

    def named(self) -> str:
        """What it is called within a sentence."""
        return self.about.title.lower()

    def counts(self, part: Part) -> bool:
        """Whether `correct` answers for the targets of `part`."""
        return True

    def fitted(self, part: Part) -> Loss:
        """The loss with what it takes from the training part filled in."""
        return self

    def check(self, shape: tuple[int, ...], part: Part) -> None:
        """Raise `TrainingError` when targets of `part` cannot be compared with outputs of `shape` (without the batch)."""


LOSSES: Family[Loss] = Family("loss")


@LOSSES.declare("auto", "Automatic", "Cross-entropy for classes, squared error for values.")
class Auto(Loss, frozen=True):
    """Stands for the loss that fits the task; `choose` replaces it by what knows the task, too."""

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        fitting = MeanSquaredError() if target.is_floating_point() else CrossEntropy()
        return fitting.each(output, target)


@LOSSES.declare(
    "cross-entropy",
    "Cross-entropy",
    "For one class out of several. Applies softmax itself: the network ends in plain scores.",
    formula="L = −log( exp(z_y) / Σ exp(z_k) )",
)
class CrossEntropy(Loss, frozen=True):
    """Softmax cross-entropy over axis 1; further axes are positions (segmentation)."""

    label_smoothing: Annotated[float, Meta(ge=0.0, lt=1.0, description="Share of the target that is spread over all classes.")] = 0.0
    class_weights: Annotated[tuple[Weight, ...], Meta(description="How much each class counts; empty is 1 for all.")] = ()
    balanced: Annotated[bool, Meta(description="Rare classes count more: every class as much as any other.")] = False
    ignore_index: (
        Annotated[
            int, Meta(ge=-(2**31), lt=2**31, description="Targets of this class, counted from 0, say nothing: pixels nobody labelled.")
        ]
        | None
    ) = None

    takes: ClassVar[Literal["scores", "log-probabilities"]] = "scores"
    probe: ClassVar[Probe | None] = SCORES

    def unweighted(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss at every position of every sample, in the shape of the targets, before class weights."""
        from torch.nn.functional import cross_entropy

        return cross_entropy(output, target, label_smoothing=self.label_smoothing, reduction="none")

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        if self.ignore_index is None:
            return of_samples(self._everywhere(output, target))
        known_target, known = labelled(target, self.ignore_index)
        return of_known(self._everywhere(output, known_target), known)

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import cross_entropy

        if self.ignore_index is not None:
            known_target, known = labelled(target, self.ignore_index)
            return mean_known(self._everywhere(output, known_target), known)
        if type(self) is CrossEntropy and not self.class_weights:
            return cross_entropy(output, target, label_smoothing=self.label_smoothing)
        return self.each(output, target).mean()

    def _everywhere(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss at every position, times the weight of its class."""
        found = self.unweighted(output, target)
        return found * output.new_tensor(self.class_weights)[target] if self.class_weights else found

    def fitted(self, part: Part) -> Loss:
        if not self.balanced or self.class_weights or not has_classes(part) or not len(part):
            return self
        return msgspec.structs.replace(self, class_weights=class_weights(told(part.targets, self.ignore_index)))

    def correct(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        hits = output.argmax(1) == target
        if self.ignore_index is not None:
            return mean_known(hits.float(), target != self.ignore_index) * len(hits)
        return hits.sum() if hits.dim() == 1 else hits.float().flatten(1).mean(1).sum()

    def check(self, shape: tuple[int, ...], part: Part) -> None:
        title = self.about.title
        if not has_classes(part):
            raise TrainingError(
                f"{title} needs class numbers, but the targets of this data set are values.",
                place="loss",
                remedy="Choose mean squared error, or loss “auto”.",
            )
        if not shape or (shape[0] < 2 and int(told(part.targets, self.ignore_index).max(initial=0)) < 2):
            raise TrainingError(
                f"{title} needs one score for each class, but the network gives {count(shape)}.",
                place="loss",
                remedy="Give the last layer as many outputs as there are classes, or choose binary cross-entropy.",
            )
        if len(shape) > 1 and part.targets.ndim == 1:
            raise TrainingError(
                f"{title} needs one score for each class, but for a sample the network gives numbers in the shape {show(shape)}.",
                place="loss",
                remedy="Put a flatten or a global pooling before the last layer.",
            )
        if shape[1:] != part.targets.shape[1:]:
            raise TrainingError(
                f"{title} with these labels needs {show((shape[0], *part.targets.shape[1:]))}, but the network gives {show(shape)}.",
                place="loss",
            )
        check_range(part, shape[0], self.ignore_index)
        if self.class_weights and len(self.class_weights) != shape[0] and not self.balanced:
            raise TrainingError(
                f"There are {len(self.class_weights)} class weights, but the network tells {shape[0]} classes apart.",
                place="loss.class_weights",
                remedy="Give one weight for each class, or choose “balanced”.",
            )
        if len(self.class_weights) < shape[0] and self.balanced and self.class_weights:
            raise TrainingError(
                f"Balanced weights are known for {len(self.class_weights)} classes, but the network tells {shape[0]} apart.",
                place="loss.balanced",
                remedy="Give the last layer as many outputs as there are classes, or switch “balanced” off.",
            )


class ValueLoss(Loss, frozen=True):
    """Base of losses that compare numbers; class labels become 1 for the class and 0 elsewhere."""

    probe: ClassVar[Probe | None] = ERRORS

    @abstractmethod
    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """The loss of every element; `wanted` has the shape and type of the output."""

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return of_samples(self.elements(output, like(output, target)))

    def correct(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        if target.is_floating_point() or output.dim() != 2:
            return None
        answers = output.argmax(1) if output.shape[1] > 1 else (output[:, 0] > 0.5).long()
        return (answers == target).sum()

    def counts(self, part: Part) -> bool:
        return has_classes(part) and part.targets.ndim == 1

    def check(self, shape: tuple[int, ...], part: Part) -> None:
        check_values(shape, part, self.about.title)


@LOSSES.declare(
    "mse", "Mean squared error", "For values. Class labels become 1 for the class and 0 elsewhere.", formula="L = mean (ŷ − y)²"
)
class MeanSquaredError(ValueLoss, frozen=True):
    """Mean of the squared difference over batch and elements."""

    def elements(self, output: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        return (output - wanted).square()

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import mse_loss

        return mse_loss(output, like(output, target))


@LOSSES.declare(
    "bce",
    "Binary cross-entropy",
    "For yes-or-no answers, one score each. Applies the sigmoid itself: the network ends in plain scores.",
    formula="L = −y·log σ(z) − (1 − y)·log(1 − σ(z))",
)
class BinaryCrossEntropy(Loss, frozen=True):
    """Sigmoid cross-entropy with logits. Of one class out of several the highest score is the answer."""

    probe: ClassVar[Probe | None] = YES

    def each(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import binary_cross_entropy_with_logits

        return of_samples(binary_cross_entropy_with_logits(output, like(output, target), reduction="none"))

    def mean(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import binary_cross_entropy_with_logits

        return binary_cross_entropy_with_logits(output, like(output, target))

    def correct(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor | None:
        if target.dim() == 1 and not target.is_floating_point() and output.dim() == 2 and output.shape[1] > 1:
            return (output.argmax(1) == target).sum()
        right = (output > 0) == (like(output, target) > 0.5)
        return right.float().flatten(1).mean(1).sum()

    def check(self, shape: tuple[int, ...], part: Part) -> None:
        check_values(shape, part, self.about.title)
        if not has_classes(part) and len(part) and not (float(part.targets.min()) >= 0 and float(part.targets.max()) <= 1):
            raise TrainingError(
                f"Binary cross-entropy needs targets from 0 to 1; these go from {part.targets.min():g} to {part.targets.max():g}.",
                place="loss",
                remedy="Choose mean squared error.",
            )
