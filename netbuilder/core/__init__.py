"""The document: an immutable graph, the edits on it, its history and its file.

`graph` is the value itself; `edits`, `rewiring`, `clipboard` and the modules about blocks hold the edits; `document` and
`history` apply and remember them; `files`, `reading`, `writing` and `strict_json` are the project file; `layout` places nodes.
Nothing here imports torch, Qt or any other netbuilder package.
"""
