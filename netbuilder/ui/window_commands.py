"""The commands that belong to a window as a whole: File, Edit, View, Network and Help."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from netbuilder.ui import motion, window_dialogs
from netbuilder.ui.commands import Command, CommandRegistry, needs
from netbuilder.ui.side_windows import (
    selected_window,
    show_landscape,
    show_neurons,
    show_playground,
    show_selected_tensor,
    show_step_through,
)
from netbuilder.ui.theme import Choice
from netbuilder.ui.window_layout import TABS

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow

Keys = QKeySequence.StandardKey
THEMES: dict[Choice, tuple[str, str]] = {
    "system": ("Theme as the system", "monitor"),
    "dark": ("Dark theme", "moon"),
    "light": ("Light theme", "sun"),
    "dark-contrast": ("Dark theme, high contrast", "moon"),
    "light-contrast": ("Light theme, high contrast", "sun"),
}
SCALES = (100, 125, 150, 175, 200)


def add_window_commands(window: MainWindow) -> None:
    """Register everything but the Train menu, which comes with the train bar."""
    registry = window.context.commands
    for add in (_add_file, _add_edit, _add_view, _add_network, _add_inspect, _add_help):
        add(window, registry)


def _add_file(window: MainWindow, registry: CommandRegistry) -> None:
    shell, files = window.shell, window.files

    def add(id_: str, title: str, run: Callable[[], object], keys: str | Keys = "", **more: object) -> None:
        registry.add(Command(f"file.{id_}", title, run, "File", keys, **more))  # type: ignore[arg-type]

    filled = _filled(window)
    add("new", "New…", lambda: shell.welcome(window), Keys.New, icon="file-plus", group="open", tip="Start from a template")
    add("new_window", "New window", shell.new_window, "Ctrl+Shift+N", icon="file-plus", group="open", tip="Empty")
    add("open", "Open…", lambda: shell.open_with_dialog(window), Keys.Open, icon="folder-open", group="open")
    run = partial(window_dialogs.open_run, window)
    add("open_run", "Open run folder…", run, icon="folder-open", group="open", tip="Curves and weights of a run")
    run = partial(window_dialogs.load_weights, window)
    add("load_weights", "Load weights…", run, enabled=filled, icon="upload", group="open", tip="A state dict of others, by name")
    add("save", "Save", files.save, Keys.Save, icon="save", group="save")
    add("save_as", "Save as…", files.save_as, "Ctrl+Shift+S", icon="save", group="save")
    run = partial(window_dialogs.export, window)
    add("export", "Export…", run, "Ctrl+E", enabled=filled, icon="download", group="export", tip="Weights and code to use elsewhere")
    run = partial(window_dialogs.export_picture, window)
    tip = "The network as SVG, PNG or PDF"
    add("picture", "Export picture…", run, "Ctrl+Shift+E", enabled=filled, icon="image", group="export", tip=tip)
    add("close", "Close window", window.close, "Ctrl+W", group="close")
    add("quit", "Quit", shell.quit, "Ctrl+Q", group="close")


def _filled(window: MainWindow) -> Callable[[], bool]:
    @needs("The canvas is empty.")
    def filled() -> bool:
        return bool(window.document.graph.nodes)

    return filled


def _add_edit(window: MainWindow, registry: CommandRegistry) -> None:
    document, level = window.document, window.session.level

    @needs("Nothing was done yet.")
    def done() -> bool:
        return document.undo_label is not None

    @needs("Nothing was undone.")
    def undone() -> bool:
        return document.redo_label is not None

    def undo_title() -> str:
        return f"Undo {document.undo_label}" if document.undo_label else "Undo"

    def redo_title() -> str:
        return f"Redo {document.redo_label}" if document.redo_label else "Redo"

    registry.add(
        Command(
            "edit.undo",
            undo_title,
            lambda: level.step(document.undo()),
            "Edit",
            "Ctrl+Z",
            done,
            "undo-2",
            group="history",
        )
    )
    registry.add(
        Command(
            "edit.redo",
            redo_title,
            lambda: level.step(document.redo()),
            "Edit",
            "Ctrl+Shift+Z",
            undone,
            "redo-2",
            group="history",
        )
    )


def _add_view(window: MainWindow, registry: CommandRegistry) -> None:
    def add(id_: str, title: str, run: Callable[[], object], keys: str = "", **more: object) -> None:
        registry.add(Command(id_, title, run, "View", keys, **more))  # type: ignore[arg-type]

    for number, (key, title) in enumerate(TABS.items(), 1):
        add(f"view.{key}", title, partial(window_dialogs.go_to_tab, window, key), f"Alt+{number}", group="tabs")
    add("view.outline", "Outline", partial(window_dialogs.go_to_outline, window), "Ctrl+Shift+O", group="tabs")
    parts = {"palette": ("Palette", "Ctrl+B"), "inspector": ("Inspector", "Ctrl+I"), "bottom": ("Bottom panel", "Ctrl+J")}
    for key, (title, keys) in parts.items():
        add(
            f"view.toggle_{key}",
            title,
            partial(window.toggle_part, key),
            keys,
            checked=partial(window.part_visible, key),
            group="parts",
        )
    add("view.fullscreen", "Full screen", window.toggle_full_screen, "F11", checked=window.isFullScreen, group="parts")
    add(
        "view.reduced_motion",
        "Reduced motion",
        lambda: window.shell.reduce_motion(not motion.reduced()),
        checked=motion.reduced,
        group="parts",
        tip="Show changes at once instead of letting them move",
    )
    for choice, (title, icon) in THEMES.items():
        run, checked = partial(window.shell.choose_theme, choice), partial(_theme_is, window, choice)
        add(f"view.theme.{choice}", title, run, checked=checked, group="theme", icon=icon)
    for percent in SCALES:
        run, checked = partial(window.shell.choose_scale, percent / 100), partial(_scale_is, window, percent / 100)
        add(f"view.scale.{percent}", f"Interface size {percent} %", run, checked=checked, group="scale", tip="From the next start on")


def _scale_is(window: MainWindow, scale: float) -> bool:
    return bool(window.shell.preferences.settings.scale == scale)


def _theme_is(window: MainWindow, choice: Choice) -> bool:
    return window.context.themes.choice == choice


def _add_network(window: MainWindow, registry: CommandRegistry) -> None:
    registry.add(
        Command(
            "network.find_layer",
            "Find a layer to add",
            window.find_layer,
            "Network",
            "Ctrl+L",
            icon="search",
            group="add",
            tip="Go to the palette",
        )
    )
    registry.add(
        Command("network.problems", "Show problems", lambda: window.show_tab("problems"), "Network", icon="circle-alert", group="look")
    )
    registry.add(Command("network.source", "Show source", lambda: window.show_tab("source"), "Network", icon="list", group="look"))

    _add_transfer(window, registry)


def _add_transfer(window: MainWindow, registry: CommandRegistry) -> None:
    def add(id_: str, title: str, run: Callable[[], object], enabled: Callable[[], bool], icon: str, tip: str) -> None:
        registry.add(Command(f"network.{id_}", title, run, "Network", enabled=enabled, icon=icon, group="transfer", tip=tip))

    @needs("The network has no weights.")
    def learns() -> bool:
        return bool(window.session.analysis.parameters)

    @needs("Every layer learns already.")
    def frozen() -> bool:
        return any(node.training.get("frozen") for node in window.document.graph.nodes.values())

    tip = "Another number of classes, for transfer to other data"
    add("replace_head", "Replace the head…", partial(_transfer, window, "replace_head"), learns, "repeat", tip)
    tip = "Only the selected layers learn, or only the last one when none is selected"
    add("freeze", "Freeze all but the head or selection", partial(_transfer, window, "freeze"), learns, "lock", tip)
    tip = "Take the freezing away from all layers"
    add("thaw", "Let every layer learn", partial(_transfer, window, "let_all_learn"), frozen, "", tip)


def _transfer(window: MainWindow, what: str) -> None:
    from netbuilder.ui import transfer

    getattr(transfer, what)(window)


def _add_inspect(window: MainWindow, registry: CommandRegistry) -> None:
    @needs("Select a convolution or pooling layer first.")
    def sliding() -> bool:
        return selected_window(window.context) is not None

    for key, title, icon in (
        ("training", "Curves and filters", "eye"),
        ("results", "Results by class", "list"),
        ("feature_maps", "Feature maps of a sample", "eye"),
        ("runs", "Runs", "list"),
        ("data", "Samples and classes", "list"),
    ):
        registry.add(Command(f"inspect.{key}", title, partial(window.show_tab, key), "Inspect", icon=icon))
    registry.add(
        Command(
            "inspect.neurons",
            "Neurons of a small network…",
            partial(show_neurons, window),
            "Inspect",
            enabled=_filled(window),
            icon="linear",
            group="windows",
            tip="Every neuron and weight of a few Linear layers, with values for inputs of your own and every sum written out",
        )
    )
    registry.add(
        Command(
            "inspect.tensor",
            "Open tensor…",
            partial(show_selected_tensor, window),
            "Inspect",
            "Ctrl+T",
            enabled=_filled(window),
            icon="matmul",
            group="windows",
            tip="Shape, figures, histogram and slices of what the selected layer or wire carries, and of any other tensor",
        )
    )
    registry.add(
        Command(
            "inspect.playground",
            "Optimisation playground…",
            partial(show_playground, window),
            "Inspect",
            icon="play",
            group="windows",
            tip="Optimizers race over a surface, step by step",
        )
    )
    registry.add(
        Command(
            "inspect.landscape",
            "Loss landscape…",
            partial(show_landscape, window),
            "Inspect",
            enabled=_filled(window),
            icon="image",
            group="windows",
            tip="The loss around the trained weights, and the eigenvalues of its Hessian",
        )
    )
    registry.add(
        Command(
            "inspect.step_through",
            "Step through a convolution or pooling…",
            partial(show_step_through, window),
            "Inspect",
            enabled=sliding,
            icon="step-forward",
            group="windows",
            tip="The selected layer's window slides over a small input, with every sum written out",
        )
    )


def _add_help(window: MainWindow, registry: CommandRegistry) -> None:
    for command in (
        Command("help.commands", "Search commands and layers…", window.open_palette, "Help", "Ctrl+Shift+P", icon="command", group="find"),
        Command(
            "help.shortcuts",
            "Keyboard shortcuts",
            partial(window_dialogs.show_shortcuts, window),
            "Help",
            "F1",
            icon="keyboard",
            group="find",
        ),
        Command("help.about", "About Netbuilder", partial(window_dialogs.show_about, window), "Help", icon="info", group="about"),
    ):
        registry.add(command)
