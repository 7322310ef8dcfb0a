"""Finding one's way on the canvas: zoom and place, minimap, search, bookmarks, and going into blocks and out again."""
