"""What networks learn from: sources, splits, transforms, feeders. Imports `layers` and `core` only; torch lazily."""
