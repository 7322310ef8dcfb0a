"""What the pointer does on the canvas, and keys that are no command's, for people who look it up."""

from __future__ import annotations

MOUSE = (
    ("Move layers", "Drag; Alt while dragging moves freely"),
    ("Clone layers", "Alt+drag a layer"),
    ("Select with a rectangle", "Drag on the paper; Shift toggles"),
    ("Select with a lasso", "Alt+drag on the paper"),
    ("Select a branch", "Double-click a wire"),
    ("Draw a wire", "Drag from a port; dropped on the paper it offers layers"),
    ("Re-route a wire", "Drag one of its ends; dropped on the paper it offers layers, or is removed"),
    ("Cut wires", "Ctrl+Alt+drag across them"),
    ("Insert into a wire", "Drop a layer on it"),
    ("Take a layer out of its wires", "Drag it with Ctrl; the gap is closed"),
    ("Edit the main setting", "Click the settings of the selected layer"),
    ("Edit all settings", "Double-click a layer"),
    ("Add a layer by typing", "Double-click the paper"),
    ("Mend a problem", "Click its badge; hovering a remedy previews it"),
    ("Pan", "Space+drag, middle button, or two fingers"),
    ("Zoom", "Wheel, pinch, or Ctrl and two fingers"),
    ("Go from layer to layer along the wires", "Ctrl+arrow; with Shift the way is selected"),
    ("Move layers by steps", "Arrow; with Shift by single pixels"),
    ("Give up, or select nothing", "Esc"),
)
