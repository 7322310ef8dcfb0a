"""The landscape of the loss around a snapshot of the weights, and its curvature there, worked out in a background thread."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from msgspec import Struct

from netbuilder.app.background import Background
from netbuilder.app.snapshot import START, Stop, snapshot
from netbuilder.core.errors import NetbuilderError

if TYPE_CHECKING:
    from netbuilder.app.session import Session
    from netbuilder.train.landscape.curvature import Curvature
    from netbuilder.train.landscape.grid import Landscape
    from netbuilder.train.landscape.ground import Ground
    from netbuilder.train.landscape.plane import Plane
    from netbuilder.train.recipe import Recipe

T = TypeVar("T")
Kind = Literal["filters", "random", "eigen", "line", "path"]
HERE = "here"
"""The key of the snapshot itself among the stops of the training's path."""
EIGENVALUES = 8


class Spec(Struct, frozen=True):
    """What to draw: the directions, one or two of them, how far, how finely; for a line, from which to which stop."""

    kind: Kind = "filters"
    axes: int = 2
    reach: float = 1.0
    places: int = 25
    seed: int = 0
    begin: str = START
    end: str = HERE


@dataclass(frozen=True)
class Passed:
    """A stop of the training's path on a plane; `left` is the share of its distance that the plane cannot show."""

    title: str
    place: tuple[float, ...]
    left: float


@dataclass
class Site:
    """A snapshot of the weights with its loss, and what has been found out about it so far.

    `look` and `product` are the seconds of one evaluation and of one product with the Hessian. `origin` says whose weights they are.
    """

    ground: Ground
    recipe: Recipe
    origin: str
    trained: bool
    loss: float
    error: float | None
    look: float
    product: float
    stops: Mapping[str, Stop]
    chart: Landscape | None = None
    path: list[Passed] = field(default_factory=list)
    curvature: Curvature | None = None

    def seconds(self, spec: Spec) -> float:
        """How long a drawing will take."""
        from netbuilder.train.landscape.curvature import products

        count = (8 * max(1, -(-(spec.places - 1) // 8)) + 1) ** spec.axes
        first = products(self.ground) * self.product if spec.kind == "eigen" and self.curvature is None else 0.0
        return float(count * self.look + first)


@dataclass(frozen=True)
class Progress:
    """How much of how much is done."""

    done: int
    total: int


Work = Generator[Progress, None, None]


class Surveyor(Background[Progress, None]):
    """Takes a snapshot (`settle`), then draws the loss around it (`draw`) and measures its curvature (`curve`), one at a time.

    A training in progress goes on: its weights are copied once, between two steps. `site` is what is known.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.site: Site | None = None
        self.begun = 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the work in progress will still take, judged by what it has taken; `None` while that is unknown."""
        ticks = self.ticks()
        passed = monotonic() - self.begun
        if not ticks or passed < 0.5 or not ticks[-1].done:
            return None
        return passed / ticks[-1].done * (ticks[-1].total - ticks[-1].done)

    def settle(self, samples: int = 512) -> None:
        """Take a snapshot of the newest weights, or those of the run that is looked into, and measure how long things take."""
        self.site = None
        self._go(lambda: self._settling(samples))

    def draw(self, spec: Spec) -> None:
        """Draw the loss around the snapshot; `site.chart` grows."""
        self._go(lambda: self._drawing(self._known(), spec))

    def curve(self, count: int = EIGENVALUES) -> None:
        """Find the eigenvalues of the Hessian at the snapshot."""
        self._go(lambda: self._curving(self._known(), count))

    def _go(self, make: Callable[[], Work]) -> None:
        if self.active:
            raise NetbuilderError("The landscape is being drawn.", remedy="Stop it first.")
        self.begun = monotonic()
        self.carry_out(make, "landscape")

    def _known(self) -> Site:
        if self.site is None:
            raise NetbuilderError("There is no snapshot of the weights yet.", remedy="Take one first.")
        return self.site

    def _settling(self, samples: int) -> Work:
        from netbuilder.train.devices import pick
        from netbuilder.train.landscape.ground import ground
        from netbuilder.train.recipe import Recipe

        yield Progress(0, 1)
        taken = self._between(lambda: snapshot(self._session))
        recipe = Recipe.read(taken.project.training)
        dataset = self._session.require_data(taken.project.data)
        yield Progress(0, 1)
        device = "cpu" if self._session.runner.active else pick(recipe.device).name
        device = device if device.startswith("cuda") else "cpu"
        found = ground(taken.module, taken.project.graph, dataset, recipe, samples=samples, device=device)
        steps = found.at(found.here)
        while True:
            try:
                yield Progress(next(steps), found.feeder.count)
            except StopIteration as finished:
                here = finished.value
                break
        error = None if here.accuracy is None else 1 - here.accuracy
        look = found.look_seconds()
        yield Progress(1, 1)
        product = found.product_seconds()
        self.site = Site(found, recipe, taken.origin, taken.trained, here.loss, error, look, product, taken.stops)
        yield Progress(1, 1)

    def _between(self, work: Callable[[], T]) -> T:
        """Have the training thread do it between two steps, so that nothing changes meanwhile; without a training do it here."""
        runner = self._session.runner
        if not runner.active:
            return work()
        future = runner.call(lambda _training: work())
        while not self._stopped:
            try:
                return future.result(0.1)
            except Late:
                continue
        raise NetbuilderError("Stopped.")

    def _drawing(self, site: Site, spec: Spec) -> Work:
        from netbuilder.train.landscape.grid import explore, landscape

        if spec.kind == "eigen" and site.curvature is None:
            yield from self._curving(site, EIGENVALUES)
        plane = self._plane(site, spec)
        chart = landscape(plane, spec.places, spec.reach)
        site.path = self._passed(site, plane, spec)
        site.chart = chart
        self.begun = monotonic()
        for height in explore(site.ground, chart):
            if height is not None:
                chart.put(height)
            yield Progress(chart.done, chart.total)

    def _plane(self, site: Site, spec: Spec) -> Plane:
        from netbuilder.train.landscape import plane

        ground = site.ground
        if spec.kind == "line":
            begin, end = (self._point(site, key) for key in (spec.begin, spec.end))
            titles = tuple("here" if key == HERE else site.stops[key].title.lower() for key in (spec.begin, spec.end))
            return plane.line(ground, begin, end, titles)  # type: ignore[arg-type]
        if spec.kind == "path":
            return plane.path_plane(ground, [self._point(site, key) for key in site.stops], spec.axes)
        if spec.kind == "eigen":
            assert site.curvature is not None
            return plane.eigen_plane(ground, site.curvature, spec.axes)
        return plane.random_plane(ground, spec.axes, spec.seed, filters=spec.kind == "filters")

    def _point(self, site: Site, key: str) -> Any:
        if key == HERE:
            return site.ground.here
        if key not in site.stops:
            raise NetbuilderError(f"There are no weights called “{key}”.", remedy="Choose a checkpoint that the run has.")
        return site.ground.point(site.stops[key].load())

    def _passed(self, site: Site, plane: Plane, spec: Spec) -> list[Passed]:
        """The known stops of the training on the plane, in their order; none for a straight line between two."""
        if spec.kind == "line" or not site.trained:
            return []
        stops = sorted(site.stops.values(), key=lambda stop: stop.epoch)
        return [Passed(stop.title, *plane.project(self._point(site, stop.key))) for stop in stops]

    def _curving(self, site: Site, count: int) -> Work:
        from netbuilder.train.landscape.curvature import curvature

        steps = curvature(site.ground, count, site.recipe.seed)
        while True:
            try:
                yield Progress(*next(steps))
            except StopIteration as finished:
                site.curvature = finished.value
                return
