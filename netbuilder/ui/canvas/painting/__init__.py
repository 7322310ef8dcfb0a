"""How the canvas is painted: a picture that is kept and moved (`frame`), drawn anew only where something has changed (`ground`)."""
