"""Foxglove's own client and reader, which Foxglove and Lichtblick are built on, in Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.figures import Ledger
from tests.server.serving import Serving
from twin.data import scene_path
from twin.foxglove.recording import record_run
from twin.scene.pack import build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

HERE = Path(__file__).parent / "official"
TIMEOUT = 60  # s
REQUIRED = os.environ.get("TWIN_REQUIRE_OFFICIAL") == "1"
IS_HERE = shutil.which("node") is not None and (HERE / "node_modules").is_dir()

pytestmark = pytest.mark.skipif(
    not (IS_HERE or REQUIRED), reason=f"needs Node and `npm ci` in {HERE.name}"
)


def node(script: str, argument: str) -> Any:
    done = subprocess.run(
        ["node", str(HERE / script), argument],
        check=False, capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_official_client_watches_and_drives_the_body_shop(tmp_path: Path):
    serving = Serving(tmp_path, scene=str(scene_path("body_shop")), speed=5.0)
    try:
        seen = node("client.mjs", f"ws://127.0.0.1:{serving.service.port}/foxglove")
    finally:
        serving.stop()
    assert seen["errors"] == []
    assert seen["subprotocol"] == "foxglove.websocket.v1"
    names = {each["child_frame_id"] for each in seen["topics"]["/tf"]["last"]["transforms"]}
    assert any(name.endswith("/link_6") for name in names)
    scene = seen["topics"]["/scene"]["last"]["entities"]
    assert {each["frame_id"] for each in scene} - {"world"} <= names
    assert seen["assets"]["1"] > 1000
    assert seen["assets"]["2"] == "there is no such model"
    assert len(seen["topics"]["/places"]["last"]["entities"]) == 16
    assert seen["stood"]
    assert json.loads(seen["services"]["/seek"]) == {"tick": 1_000_000}


def test_the_official_reader_decodes_every_message(tmp_path: Path):
    stage = open_stage(scene_path("body_shop"))
    plant = read_plant(stage)
    pack = build_pack(stage, plant)
    file = tmp_path / "body_shop.mcap"
    with file.open("wb") as out:
        done = record_run(
            plant, (pack.scene, pack.prototypes), out, until=20_000_000, gauge=Ledger(plant),
            interpreted=True,
        )  # fmt: skip
    found = node("reader.mjs", str(file))
    assert sum(topic["count"] for topic in found["topics"].values()) == done.messages
    assert found["topics"]["/tf"]["count"] == done.looks == 201
    assert found["end"] == 20 * 10**9
    assert found["topics"]["/figures"]["last"]["seconds"] == 20
