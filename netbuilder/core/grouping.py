"""Edits that turn chosen layers into a block, and a block back into its layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from netbuilder.core.block_definitions import check_block_name
from netbuilder.core.blocks import BLOCK
from netbuilder.core.edits import Edit
from netbuilder.core.errors import GraphError
from netbuilder.core.expressions import SIGN, names_in
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port, fresh_id, fresh_name
from netbuilder.core.layout import FLOW, PITCH
from netbuilder.core.names import LONGEST, legal_stem

_ENDS = ("input", "output")


def make_block(ids: Iterable[str], name: str, *, inputs: Sequence[Port] = (), outputs: Sequence[Port] | None = None) -> Edit:
    """Put the chosen layers into a new definition called `name` and one use of it in their place.

    Cut wires become inputs and outputs. `inputs` are further ports that wait for a wire, `outputs` further ones that lead
    nowhere yet (by default those of chosen layers that feed nothing). Refused when a path leaves the choice and comes back.
    """
    chosen = frozenset(ids)

    def edit(graph: Graph) -> Graph:
        _check_choice(graph, chosen)
        check_block_name(graph, name)
        kept = {id_: node for id_, node in graph.nodes.items() if id_ in chosen}
        loose = [Port(id_, "out") for id_ in kept if id_ not in graph.outputs_of] if outputs is None else outputs
        made = _Cut(graph, kept, inputs, loose)
        parameters = _surrounding_parameters(graph, kept)
        id_ = fresh_id(graph.nodes)
        rest = {key: node for key, node in graph.nodes.items() if key not in chosen}
        label = fresh_name(graph.evolve(nodes=rest), name)
        settings = {parameter.name: SIGN + parameter.name for parameter in parameters}
        nodes = {**rest, id_: Node(id_, BLOCK, label, settings, _middle(kept), block=name)}
        links = {t: s for t, s in graph.links.items() if t.node not in chosen and s.node not in chosen}
        links |= {Port(id_, port): source for source, port in made.entries.items() if source.node not in chosen}
        links |= {t: Port(id_, made.exits[s]) for t, s in graph.links.items() if s.node in chosen and t.node not in chosen}
        blocks = {**graph.blocks, name: Block(name, made.graph(), parameters)}
        return graph.evolve(nodes=nodes, links=links, blocks=blocks)

    return edit


class _Cut:
    """The chosen layers with input and output nodes at the cut wires. `entries` and `exits` name those nodes by the port outside or inside.

    A port that waits for a wire is an entry of its own, known by itself.
    """

    def __init__(self, graph: Graph, kept: Mapping[str, Node], inputs: Sequence[Port], outputs: Sequence[Port]) -> None:
        self.kept = kept
        self.direction = graph.direction
        self.names = {node.name for node in kept.values()}
        self.inner = {t: s for t, s in graph.links.items() if t.node in kept and s.node in kept}
        self.fed: dict[Port, list[Port]] = {}
        for target, source in graph.links.items():
            if target.node in kept and source.node not in kept:
                self.fed.setdefault(source, []).append(target)
        self.fed |= {port: [port] for port in inputs if port not in graph.links}
        leaving = [s for t, s in graph.links.items() if s.node in kept and t.node not in kept]
        self.left = list(dict.fromkeys([*leaving, *outputs]))
        height = {id_: self._seen(node.position)[::-1] for id_, node in graph.nodes.items()}
        sources = sorted(self.fed, key=lambda port: height[port.node])
        self.left.sort(key=lambda port: height[port.node])
        several = len(sources) > 1, len(self.left) > 1
        self.entries = {p: self._name("input", graph.nodes[p.node].name if several[0] else "") for p in sources}
        self.exits = {p: self._name("output", graph.nodes[p.node].name if several[1] else "") for p in self.left}

    def graph(self) -> Graph:
        """The definition's graph, which flows as the network does, its inputs before and its outputs behind the layers."""
        places = {id_: self._seen(node.position) for id_, node in self.kept.items()}
        step, row = FLOW[self.direction], PITCH[self.direction == "right"]
        xs, top = [x for x, _ in places.values()], min(y for _, y in places.values())
        nodes: dict[str, Node] = {}
        links: dict[Port, Port] = {}
        for number, (source, name) in enumerate(self.entries.items()):
            id_ = self._add(nodes, "input", name, (0.0, number * row))
            links |= {target: Port(id_, "out") for target in self.fed[source]}
        for id_, node in self.kept.items():
            x, y = places[id_]
            nodes[id_] = replace(node, position=self._seen((x - min(xs) + step, y - top)))
        right = max(xs) - min(xs) + 2 * step
        for number, (port, name) in enumerate(self.exits.items()):
            id_ = self._add(nodes, "output", name, (right, places[port.node][1] - top if number == 0 else number * row))
            links[Port(id_, "in")] = port
        return Graph(nodes, {**self.inner, **links}, direction=self.direction)

    def _add(self, nodes: dict[str, Node], layer: str, name: str, position: tuple[float, float]) -> str:
        id_ = fresh_id({**self.kept, **nodes})
        nodes[id_] = Node(id_, layer, name, position=self._seen(position))
        return id_

    def _seen(self, place: tuple[float, float]) -> tuple[float, float]:
        """A place as if data flowed to the right, and back."""
        return place if self.direction == "right" else (place[1], place[0])

    def _name(self, layer: str, stem: str) -> str:
        """`input` for a single one, `input_relu1` after the layer it belongs to otherwise."""
        name = wanted = legal_stem(f"{layer}_{stem}" if stem else layer)
        number = 1
        while name in self.names:
            number += 1
            name = f"{wanted[: LONGEST - 6]}_{number}"
        self.names.add(name)
        return name


def _check_choice(graph: Graph, chosen: frozenset[str]) -> None:
    if not chosen:
        raise GraphError("No layers are selected.", remedy="Select those that should become a block.")
    for id_ in sorted(chosen):
        if id_ not in graph.nodes:
            raise GraphError("This layer is no longer in the network.", place=id_)
        node = graph.nodes[id_]
        if node.layer in _ENDS:
            raise GraphError(
                f"“{node.name}” is an {node.layer} of the network and cannot go into a block.",
                place=id_,
                remedy="Leave it out of the selection.",
            )
    outside = graph.downstream(chosen) - chosen
    for target, source in graph.links.items():
        if target.node in chosen and source.node in outside:
            between, back = graph.nodes[source.node].name, graph.nodes[target.node].name
            raise GraphError(
                f"A path leaves the selection and comes back to “{back}” through “{between}”, so it cannot be one block.",
                place=source.node,
                remedy=f"Select “{between}” and what lies before it, too.",
            )


def _surrounding_parameters(graph: Graph, kept: Mapping[str, Node]) -> tuple[BlockParameter, ...]:
    """The parameters of the block being edited that the chosen layers refer to; the new block hands them on."""
    used = frozenset().union(*(names_in(node.settings) for node in kept.values()))
    around = next((block for block in graph.blocks.values() if block.graph.nodes is graph.nodes), None)
    known = {parameter.name: parameter for parameter in around.parameters} if around else {}
    return tuple(known.get(name, BlockParameter(name, 1)) for name in sorted(used))


def _middle(nodes: Mapping[str, Node]) -> tuple[float, float]:
    xs, ys = zip(*(node.position for node in nodes.values()), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
