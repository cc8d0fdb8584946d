"""The body shop as its tests see it: the stage, the plant, and the line station by station."""

from pathlib import Path
from typing import NamedTuple

import pytest

from twin.kinds.station import Station
from twin.plant import Place
from twin.scene import load, open_stage

EQUIPMENT = ("load", "framing", *["respot"] * 8, "roof", "vision")


class Stop(NamedTuple):
    place: Place
    equipment: str


@pytest.fixture(scope="session")
def scene():
    return Path(__file__).parents[2] / "scenes" / "body_shop" / "body_shop.usda"


@pytest.fixture(scope="session")
def stage(scene):
    return open_stage(scene)


@pytest.fixture(scope="session")
def plant(scene):
    return load(scene)


@pytest.fixture(scope="session")
def line(plant):
    """Every station with what it should be equipped for."""
    places = [place for place in plant.places if isinstance(place.params, Station)]
    return [Stop(*each) for each in zip(places, EQUIPMENT, strict=True)]
