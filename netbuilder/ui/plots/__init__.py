"""Live curves and image walls, drawn with pyqtgraph."""
