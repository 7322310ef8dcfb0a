"""Painted views of numbers: curves, image walls, bars, single samples. Fed with arrays; they know no session and no run."""
