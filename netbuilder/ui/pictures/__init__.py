"""Pictures of a network to print, publish or put on a slide: painted once, written as SVG, PNG or PDF."""
