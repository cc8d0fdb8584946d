"""The three body styles as side views: outlines, wheels, doors [m], from the middle at datum."""

from dataclasses import dataclass

__all__ = ["CROSSOVER", "SEDAN", "STYLES", "SUV", "Style"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A body style; the edge runs over fender, A-pillar, roof rail and tail, front to rear."""

    name: str
    prim: str
    about: str
    width: float
    edge: tuple[tuple[float, float], ...]  # (x, z)
    cowl: int  # indices into edge: foot of the A-pillar ...
    roof: tuple[int, int]  # ... front and rear end of the roof skin ...
    lid: tuple[int, int]  # ... and of the tailgate or boot lid
    axles: tuple[float, float]  # x of front and rear wheel
    wheel: tuple[float, float]  # z of the wheel centre, radius of the arch
    belt: tuple[float, float]  # z of the window sill at x = +1 and x = -2
    hinge: float  # x of the front doors' leading edge
    pillar: float  # x of the B-pillar
    door_end: tuple[float, float]  # x of the rear doors' trailing edge at z = 0 and z = 1.3
    tumblehome: float  # inward slope of the windows
    tunnel: float  # height of the floor tunnel
    quarter_window: bool
    crowns: tuple[float, float]  # of hood and roof
    window_lid: bool  # the lid is a tailgate with a window


SEDAN = Style(
    name="sedan",
    prim="Sedan",
    about="Body in white of a 4.70 m saloon.",
    width=1.82,
    edge=(
        (2.16, 0.15), (2.17, 0.40), (2.09, 0.50), (1.80, 0.60), (1.40, 0.675), (1.00, 0.735),
        (0.70, 0.875), (0.40, 1.03), (0.10, 1.13), (-0.30, 1.178), (-0.72, 1.165), (-1.10, 1.08),
        (-1.42, 0.95), (-1.70, 0.845), (-1.98, 0.805), (-2.20, 0.785), (-2.265, 0.70),
        (-2.27, 0.45),
        (-2.25, 0.15),
    ),
    cowl=5, roof=(8, 11), lid=(13, 17),
    axles=(1.43, -1.37), wheel=(0.13, 0.375), belt=(0.70, 0.80), hinge=0.96, pillar=-0.10,
    door_end=(-0.95, -1.36), tumblehome=0.36, tunnel=0.15, quarter_window=False,
    crowns=(0.055, 0.062), window_lid=False,
)  # fmt: skip
SUV = Style(
    name="suv",
    prim="Suv",
    about="Body in white of a 4.63 m sport utility vehicle.",
    width=1.865,
    edge=(
        (2.12, 0.18), (2.14, 0.52), (2.08, 0.665), (1.84, 0.76), (1.45, 0.815), (1.02, 0.865),
        (0.76, 1.03), (0.49, 1.20), (0.22, 1.32), (-0.20, 1.382), (-0.75, 1.395), (-1.32, 1.38),
        (-1.84, 1.335), (-2.06, 1.19), (-2.14, 0.99), (-2.21, 0.81), (-2.24, 0.62), (-2.23, 0.40),
        (-2.20, 0.18),
    ),
    cowl=5, roof=(8, 12), lid=(12, 17),
    axles=(1.40, -1.355), wheel=(0.14, 0.41), belt=(0.835, 0.925), hinge=0.96, pillar=-0.08,
    door_end=(-0.88, -1.24), tumblehome=0.29, tunnel=0.15, quarter_window=True,
    crowns=(0.06, 0.058), window_lid=True,
)  # fmt: skip
CROSSOVER = Style(
    name="crossover",
    prim="Crossover",
    about="Body in white of a 4.64 m electric crossover on a 3.0 m wheelbase.",
    width=1.89,
    edge=(
        (2.20, 0.16), (2.21, 0.42), (2.15, 0.535), (1.92, 0.61), (1.55, 0.68), (1.20, 0.735),
        (0.88, 0.925), (0.56, 1.11), (0.26, 1.25), (-0.12, 1.33), (-0.62, 1.355), (-1.15, 1.325),
        (-1.58, 1.255), (-1.86, 1.13), (-2.04, 0.95), (-2.17, 0.83), (-2.235, 0.72), (-2.23, 0.45),
        (-2.21, 0.16),
    ),
    cowl=5, roof=(8, 12), lid=(12, 17),
    axles=(1.4675, -1.5325), wheel=(0.17, 0.405), belt=(0.74, 0.84), hinge=1.14, pillar=-0.02,
    door_end=(-1.06, -1.40), tumblehome=0.36, tunnel=0.03, quarter_window=True,
    crowns=(0.05, 0.06), window_lid=True,
)  # fmt: skip
STYLES = (SEDAN, SUV, CROSSOVER)
