"""The canvas: the network as nodes and wires, and the gestures that edit it.

`scene` holds items, `sync` keeps them equal to the document, `view` shows them and hands the mouse to a gesture,
`gestures/` turn mouse movements into one edit each. May import everything below `ui` and the shared files of `ui`.
"""
