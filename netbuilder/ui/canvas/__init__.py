"""The drawing surface: scene, nodes, wires, gestures."""
