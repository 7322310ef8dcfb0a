"""What comes onto the canvas: layers and blocks by typing, from the palette or from the clipboard."""
