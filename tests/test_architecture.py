"""The houses of the design: who may import whom, proven on every import in the sources."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.sources import ROOT, imports, modules

# Imports point down. Houses of one row may use each other as long as no cycle forms: the command
# line starts the server, vehicle dynamics use paths.
ROWS = (
    ("server", "twin.cli", "twin.__main__"),
    ("twin.study",),
    ("twin.dataset",),
    ("twin.scene",),
    ("twin.report",),
    ("twin.foxglove",),
    ("twin.journal",),
    ("twin.hifi", "twin.client"),
    ("twin.engine",),
    ("twin.welding",),
    ("twin.plant",),
    ("twin.kinds",),
    ("twin.physics",),
    ("twin.motion",),
    ("twin.core",),
    ("twin.data", "twin.errors", "twin.units"),
    ("twin",),
)
HEIGHT = {house: len(ROWS) - row for row, houses in enumerate(ROWS) for house in houses}

# Foreign package -> the houses that may know it; an empty tuple: nobody in twin.
GUESTS = {
    "pxr": ("twin.scene",),
    "mujoco": ("twin.hifi",),
    "psycopg": ("twin.journal",),
    "foxglove_schemas_protobuf": ("twin.foxglove",),
    "google": ("twin.foxglove",),
    "mcap": ("twin.foxglove",),
    "sqlite3": ("twin.journal",),
    "fastapi": ("server",),
    "starlette": ("server",),
    "uvicorn": ("server",),
    "websockets": ("server", "twin.client"),
    "time": ("server",),
    "datetime": ("server",),
    "random": ("server",),
    "numpy.random": ("server",),
    "secrets": ("server",),
    "uuid": ("server",),
}

MODULES = modules()
IMPORTS = {name: imports(file.read_text("utf-8")) for name, file in MODULES.items()}


def belongs(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def house(name: str) -> str:
    parts = name.split(".")
    return parts[0] if parts[0] == "server" else ".".join(parts[:2])


def own_imports(module: str) -> set[str]:
    """Modules of ours that a module imports; a name inside a module stands for the module."""
    ours = {name for name in IMPORTS[module] if name.split(".")[0] in ("twin", "server")}
    return {name if name in MODULES else name.rpartition(".")[0] for name in ours}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_lives_in_a_known_house(module: str):
    assert house(module) in HEIGHT


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str):
    height = HEIGHT[house(module)]
    upward = {name for name in own_imports(module) if HEIGHT[house(name)] > height}
    assert upward == set()


@pytest.mark.parametrize("module", MODULES)
def test_imports_name_modules_that_exist(module: str):
    assert own_imports(module) <= set(MODULES)


def test_no_import_cycle():
    graph = {module: own_imports(module) for module in MODULES}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' <- '.join(error.args[1])}")
    assert set(order) == set(MODULES)


@pytest.mark.parametrize("guest", GUESTS)
def test_a_guest_is_known_only_in_its_house(guest: str):
    knowing = {m for m, names in IMPORTS.items() if any(belongs(name, guest) for name in names)}
    strangers = {m for m in knowing if not any(belongs(m, home) for home in GUESTS[guest])}
    assert strangers == set()


def test_import_twin_loads_no_heavy_package():
    code = "import sys, twin; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "twin" in loaded
    assert loaded & {"pxr", "fastapi", "numba", "numpy", "scipy", "trimesh", "pydantic"} == set()


def test_the_scan_sees_imports_inside_functions_but_not_for_typing():
    source = """
import numpy as np
from typing import TYPE_CHECKING
from twin.core import heap
if TYPE_CHECKING:
    from pxr import Usd
else:
    import uuid
def late():
    import fastapi
    importlib.import_module("websockets")
    return np.random.random()
"""
    assert imports(source) == {
        "numpy", "typing.TYPE_CHECKING", "twin.core.heap", "uuid", "fastapi", "websockets",
        "numpy.random",
    }  # fmt: skip
