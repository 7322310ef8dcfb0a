"""The window: the only home of PySide6 and pyqtgraph.

`application` owns the windows and `main_window` is one of them; `commands` is the one registry from which menus, palette, shortcuts and
help are built; `context` holds what a window's parts share, and `theme` the look. Folders: the `canvas`, the `panels` around it,
`dialogs` and windows beside it, `plots` that paint arrays, small `widgets`, `pictures` as files, and what makes `startup` quick.
"""
