"""What a layer is: one declaration each, one module per family.

A new layer is a frozen settings class with the `@declare` decorator in the module of its family; the palette, the
form, the analysis, the compiler, the source writer and the file format derive from it. Imports `core` only; never torch.
"""
