"""Colouring the layers by a quantity, such as parameters, time or gradients: what is measured, how it is painted, and the legend."""
