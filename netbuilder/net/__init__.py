"""What a graph means: its analysis, its torch module, its Python source. Imports `layers`, `templates` and `core` only; torch lazily."""
