"""The commands of the canvas: `registration` puts them into the registry, the other modules carry them out."""
