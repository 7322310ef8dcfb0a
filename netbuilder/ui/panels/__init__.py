"""The panels around the canvas: a folder or a module for each, named as in the window.

`side` and `problems` hold what the window shows first; `later` brings answers of other threads, and `chooser` and `family_form` are
parts that several panels share. A panel knows the session and the window's shared objects (`ui.context`), never another panel.
"""
