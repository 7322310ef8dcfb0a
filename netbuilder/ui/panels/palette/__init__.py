"""The catalogue of layers at the left: `model` holds its rows, `delegate` paints them."""
