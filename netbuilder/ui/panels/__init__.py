"""The panels around the canvas: a folder or a module for each, named as in the window.

`later` brings the answers of other threads into the window's; `chooser` and `family_form` are parts that several panels share.
A panel is given the session and the objects that the whole window shares (`ui.context`).
"""
