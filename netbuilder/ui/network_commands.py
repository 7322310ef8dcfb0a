"""The commands about the network and what it has learned: Network and Inspect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netbuilder.ui import side_windows
from netbuilder.ui.commands import Command, CommandRegistry, needs

if TYPE_CHECKING:
    from netbuilder.ui.main_window import MainWindow

TABS = (
    ("training", "Curves and filters", "eye"),
    ("results", "Results by class", "list"),
    ("feature_maps", "Feature maps of a sample", "eye"),
    ("runs", "Runs", "list"),
    ("data", "Samples and classes", "list"),
)
"""Tabs that look at what was learned: key, title and icon of the command that shows each."""


def filled(window: MainWindow) -> Callable[[], bool]:
    """Whether there is a network, with the word why not."""

    @needs("The canvas is empty.")
    def some() -> bool:
        return bool(window.document.graph.nodes)

    return some


def add_network_commands(window: MainWindow, registry: CommandRegistry) -> None:
    """Register the Network menu but for what the canvas does."""
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


def add_inspect_commands(window: MainWindow, registry: CommandRegistry) -> None:
    """Register the Inspect menu: tabs, and the windows that look into a network."""
    for key, title, icon in TABS:
        registry.add(Command(f"inspect.{key}", title, partial(window.show_tab, key), "Inspect", icon=icon))
    drawn = filled(window)

    @needs("Select a convolution or pooling layer first.")
    def sliding() -> bool:
        return side_windows.selected_window(window.context) is not None

    def add(id_: str, title: str, show: Callable[[MainWindow], object], icon: str, tip: str, **more: object) -> None:
        registry.add(Command(f"inspect.{id_}", title, partial(show, window), "Inspect", icon=icon, group="windows", tip=tip, **more))  # type: ignore[arg-type]

    tip = "Every neuron and weight of a few Linear layers, with values for inputs of your own and every sum written out"
    add("neurons", "Neurons of a small network…", side_windows.show_neurons, "linear", tip, enabled=drawn)
    tip = "Shape, figures, histogram and slices of what the selected layer or wire carries, and of any other tensor"
    add("tensor", "Open tensor…", side_windows.show_selected_tensor, "matmul", tip, shortcut="Ctrl+T", enabled=drawn)
    add("playground", "Optimisation playground…", side_windows.show_playground, "play", "Optimizers race over a surface, step by step")
    tip = "The loss around the trained weights, and the eigenvalues of its Hessian"
    add("landscape", "Loss landscape…", side_windows.show_landscape, "image", tip, enabled=drawn)
    tip = "The selected layer's window slides over a small input, with every sum written out"
    add("step_through", "Step through a convolution or pooling…", side_windows.show_step_through, "step-forward", tip, enabled=sliding)
