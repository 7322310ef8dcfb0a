"""The canvas: the network as nodes and wires, and the gestures that edit it.

`view` is the widget: it shows the `scene` and hands the pointer to a gesture. `sync` keeps the scene equal to the document.
Folders: `gestures` turn movements of the pointer into one edit each, `adding` brings layers in, `commands` carries out what menus offer,
`nodes`, `wires`, `notes` and `heat` are what lies on the canvas, `painting` draws it, `navigation` finds places in it.
May import everything below `ui` and the shared modules of `ui`.
"""
