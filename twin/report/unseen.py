"""What a search for clearances does not look at, so that nobody takes it for clear."""

from collections.abc import Sequence

from twin.physics.shapes import Shapes
from twin.plant import Plant

__all__ = ["unseen"]

NAMED = 3  # paths told of each kind


def unseen(plant: Plant, shapes: Shapes) -> tuple[str, ...]:
    """Things of a plant that have no part in its clearances, in words.

    Args:
        plant: the plant.
        shapes: of its things.
    """
    found: list[str] = []
    robots = [
        robot.path
        for robot, shape in zip(plant.robots, shapes.robots, strict=True)
        if not len(shape.solids)
    ]
    if not plant.robots:
        found.append("robots, as there are none")
    elif robots:
        found.append(f"robots without meshes: {_some(robots)}")
    bare = [path for path, row in zip(shapes.look_paths, shapes.looks, strict=True) if row < 0]
    if bare:
        found.append(f"bodies without meshes: {_some(bare)}")
    if shapes.bare:
        found.append(f"fences and other things without meshes: {_some(shapes.bare)}")
    elif not shapes.standing:
        found.append(
            'fences, as no prim has the semantic label "fence" (semantics:labels:category)'
        )
    named = "other things that stand (name them with --against)"
    return (*found, f"links of one robot against one another, bodies against bodies, {named}")


def _some(paths: Sequence[str]) -> str:
    paths = [path for path in paths if path] or ["without a path"]
    more = len(paths) - NAMED
    return ", ".join(paths[:NAMED]) + (f" and {more} more" if more > 0 else "")
