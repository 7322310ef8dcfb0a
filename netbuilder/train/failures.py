"""Errors that torch raises when a step fails, turned into sentences with a remedy."""

from __future__ import annotations

from netbuilder.train.errors import OutOfMemoryError, TrainingError


def explained(error: Exception, batch_size: int) -> TrainingError | None:
    """The error as a sentence with a remedy, if one is known; without its traceback, which would keep tensors alive."""
    import torch

    text = str(error)
    full = isinstance(error, torch.OutOfMemoryError | MemoryError) or "out of memory" in text or "can't allocate memory" in text
    if full:
        return OutOfMemoryError(
            f"The device ran out of memory in a step of {batch_size} samples.",
            place="batch_size",
            remedy="Choose a smaller batch size, or a smaller network.",
        )
    if "Expected more than 1 value per channel" in text:
        return TrainingError(
            "Batch normalisation cannot learn from a batch of one sample.", place="batch_size", remedy="Set the batch size to 2 or more."
        )
    return None


def unexpected(error: BaseException) -> str:
    """A sentence for an error that nobody foresaw."""
    name = type(error).__name__
    if "OutOfMemory" in name or isinstance(error, MemoryError):
        return "The memory is not enough for this batch size. Choose a smaller batch size and start again."
    detail = str(error).strip().splitlines()
    return f"Training ended with an unexpected error ({name}{': ' + detail[0] if detail else ''}). The log has the details."
