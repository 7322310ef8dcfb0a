"""The document: an immutable graph, the edits on it, its history and its file.

Nothing here imports torch, Qt or any other netbuilder package.
"""
