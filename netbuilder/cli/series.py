"""Cross-validations and ensembles in the words of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netbuilder.app.series import Series


def series_line(series: Series) -> str:
    """The figures of a series in a sentence: mean ± standard deviation."""
    summary = series.summary
    parts = []
    for key, title in (
        ("accuracy", "accuracy at the best epoch"),
        ("last_accuracy", "at the last"),
        ("last_loss", "loss at the last epoch"),
    ):
        if summary[key] is not None:
            parts.append(f"{title} {summary[key]['mean']:.4f} ± {summary[key]['deviation']:.4f}")
    said = ", ".join(parts) or "no epoch is complete"
    return f"{summary['trained']} of {summary['count']} trained: {said}. Series: {series.folder}"


def together(series: Series, part: str, epoch: str | int) -> tuple[dict[str, object], str]:
    """What the networks of a series say together, as values and as text."""
    from netbuilder.app.models import score_together

    all_, each = score_together(series, part, epoch)
    known = [metrics.accuracy for metrics in each if metrics.accuracy is not None]
    values = {
        "series": str(series.folder),
        "split": part,
        "members": len(each),
        "loss": all_.loss,
        "accuracy": all_.accuracy,
        "member_accuracies": known,
        "samples": all_.count,
    }
    alone = f"; alone {min(known):.2%} to {max(known):.2%}" if known else ""
    share = f", accuracy {all_.accuracy:.2%}" if all_.accuracy is not None else ""
    return values, f"{part} part, {all_.count:,} samples, {len(each)} networks together: loss {all_.loss:.4f}{share}{alone}"
