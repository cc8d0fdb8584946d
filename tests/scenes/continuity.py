"""Where things jump: poses just before and after each change from one segment to the next."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from twin.core.world import NONE
from twin.engine.layout import Layout
from twin.journal.journal import Journal
from twin.motion import coordinate
from twin.plant import Plant

__all__ = ["Changes", "joint_steps", "named", "part_changes"]


class Changes(NamedTuple):
    """Every change from one way to another of a part that stays in sight; all of shape [n]."""

    before: np.ndarray  # segments
    after: np.ndarray
    jump: np.ndarray  # m
    turn: np.ndarray  # rad


def pairs(segments):
    """Segments of one subject that follow one another, where it is in sight in both."""
    order = np.lexsort((segments["tick"], segments["subject"]))
    rows = segments[order]
    before, after = rows[:-1], rows[1:]
    same = (before["subject"] == after["subject"]) & (before["part"] == after["part"])
    same &= (before["track"] != NONE) & (after["track"] != NONE)
    return before[same], after[same]


def part_changes(journal: Journal) -> Changes:
    """Of all parts of a run."""
    segments = np.asarray(journal.segments)
    before, after = pairs(segments[segments["part"] > 0])
    paths = journal.layout.paths
    xyz, wxyz = paths.pose(before["track"], coordinate(before, after["tick"]))
    then, turned = paths.pose(after["track"], coordinate(after, after["tick"]))
    apart = np.minimum(np.linalg.norm(turned - wxyz, axis=1), np.linalg.norm(turned + wxyz, axis=1))
    turn = 4 * np.arcsin(np.minimum(1.0, apart / 2))
    return Changes(before, after, np.linalg.norm(then - xyz, axis=1), turn)


def joint_steps(journal: Journal) -> np.ndarray:
    """The largest step of any joint at each change of a robot [rad] or [m], shape [n]."""
    segments = np.asarray(journal.segments)
    before, after = pairs(segments[segments["part"] == 0])
    programs, tick = journal.layout.programs, after["tick"]
    was = programs.joints(before["track"], coordinate(before, tick))
    then = programs.joints(after["track"], coordinate(after, tick))
    return np.abs(then - was).max(axis=1, initial=0.0)


def named(plant: Plant, layout: Layout, changes: Changes, wrong: np.ndarray) -> list[str]:
    """Each pair of ways between which something jumps: how often, how far, how much it turns."""
    names = owners(plant, layout)
    found: dict[tuple[str, str], list[int]] = {}
    for k in np.flatnonzero(wrong):
        pair = names[changes.before["track"][k]], names[changes.after["track"][k]]
        found.setdefault(pair, []).append(int(k))
    return [
        f"{one} | {two}: {len(rows)} times, {changes.jump[rows].max():.3f} m,"
        f" {np.degrees(changes.turn[rows].max()):.1f} degrees"
        for (one, two), rows in found.items()
    ]


def owners(plant: Plant, layout: Layout) -> list[str]:
    """Whose each path is: a prim path, or two for the way from one to another."""
    count = len(layout.paths.first)
    starts = [(count, "")]
    for row, place in zip(layout.place_path, plant.places, strict=True):
        starts += [(int(row), place.path)] if row >= 0 else []
    for row, (giver, taker) in zip(layout.link_path, plant.links, strict=True):
        name = f"{plant.places[giver].path} > {plant.places[taker].path}"
        starts += [(int(row), name)] if row >= 0 else []
    starts.sort()
    names = [""] * count
    for (first, name), (end, _) in pairwise(starts):
        names[first:end] = [name] * (end - first)
    return names
