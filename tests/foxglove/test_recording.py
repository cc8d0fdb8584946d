"""Recordings as MCAP: checked with the official reader, and against the run itself."""

import io
import json
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from server.figures import Ledger
from twin.data import scene_path
from twin.engine.command import Command
from twin.engine.poses import poses_from, segments_now
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.foxglove.recording import record_run
from twin.motion.frame import pose_from
from twin.scene.pack import build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage
from twin.units import TICKS_PER_SECOND

SECONDS = 60


@pytest.fixture(scope="module")
def made():
    stage = open_stage(scene_path("body_shop"))
    plant = read_plant(stage)
    pack = build_pack(stage, plant)
    return plant, (pack.scene, pack.prototypes)


def record(made, *, seconds: float = SECONDS, **options: Any) -> bytes:
    plant, pack = made
    out = io.BytesIO()
    until = round(seconds * TICKS_PER_SECOND)
    record_run(plant, pack, out, until=until, gauge=Ledger(plant), interpreted=True, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def recording(made) -> bytes:
    return record(made)


def read(recording: bytes) -> dict[str, list[tuple[int, Any]]]:
    """All messages by topic, decoded by the schemas in the file; CRCs are checked."""
    found: dict[str, list[tuple[int, Any]]] = {}
    stream = io.BytesIO(recording)
    reader = make_reader(stream, decoder_factories=[DecoderFactory()], validate_crcs=True)
    for schema, channel, message in reader.iter_messages(log_time_order=False):
        decoder = DecoderFactory().decoder_for(channel.message_encoding, schema) or json.loads
        rows = found.setdefault(channel.topic, [])
        rows.append((message.log_time, decoder(message.data)))
    return found


def test_the_same_run_gives_the_same_bytes(made, recording: bytes):
    assert sha256(record(made)).digest() == sha256(recording).digest()


def test_the_official_reader_finds_every_channel(recording: bytes):
    reader = make_reader(io.BytesIO(recording), validate_crcs=True)
    summary = reader.get_summary()
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.message_end_time == SECONDS * 10**9
    assert summary.statistics.chunk_count == len(summary.chunk_indexes)
    assert {each.compression for each in summary.chunk_indexes} == {"zstd"}
    names = {channel.topic for channel in summary.channels.values()}
    assert names == {"/tf", "/scene", "/places", "/parts", "/states", "/figures", "/events"}
    assert reader.get_header().library == "factory-twin"


def test_messages_are_in_the_order_of_their_times(recording: bytes):
    reader = make_reader(io.BytesIO(recording))
    times = [message.log_time for _, _, message in reader.iter_messages(log_time_order=False)]
    assert times == sorted(times)
    assert times[0] == 0


def test_links_and_parts_are_where_the_run_has_them(made, recording: bytes):
    plant, _ = made
    looks = dict(read(recording)["/tf"])
    assert len(looks) == 10 * SECONDS + 1
    sim = Simulation(plant, seed=1, motion=True, interpreted=True)
    seen = 0
    for second in range(1, SECONDS, 7):
        tick = second * TICKS_PER_SECOND
        sim.advance(tick)
        poses = poses_from(segments_now(sim.world), sim.layout, tick)
        told = {each.child_frame_id: each for each in looks[second * 10**9].transforms}
        for robot, frames in zip(plant.robots, poses.link_frames(), strict=True):
            last = told[f"{robot.path}/link_{robot.arm.joint_count}"]
            xyz, _ = pose_from(frames[robot.arm.joint_count])
            assert near(last.translation, xyz)
        parts = [each for name, each in told.items() if name.startswith("part_")]
        assert len(parts) == len(poses.serial)
        for xyz in poses.xyz:
            assert any(near(each.translation, xyz) for each in parts)
            seen += 1
    assert seen > 3


def near(told, xyz) -> bool:
    return bool(np.allclose([told.x, told.y, told.z], xyz, atol=1e-6))


def test_models_are_inside_the_file_once(recording: bytes):
    rows = read(recording)["/scene"]
    assert len(rows) == 1
    models = [model for entity in rows[0][1].entities for model in entity.models]
    assert models
    assert all(model.data[:4] == b"glTF" for model in models)
    assert {model.media_type for model in models} == {"model/gltf-binary"}


def test_what_an_operator_does_is_in_it(made):
    plant, _ = made
    place = next(place.path for place in plant.places if hasattr(place.params, "mtbf"))
    command = Command(action="fail", path=place, value=5.0, tick=10 * TICKS_PER_SECOND)
    told = read(record(made, seconds=20, commands=[command]))
    logs = [(nanoseconds, log.name, log.message) for nanoseconds, log in told["/events"]]
    assert (10 * 10**9, place) in [log[:2] for log in logs]
    assert any(text.endswith("runs again") for _, _, text in logs)
    states = [
        each["state"]
        for nanoseconds, message in told["/states"]
        for each in message["places"]
        if each["path"] == place and 10 * 10**9 <= nanoseconds < 15 * 10**9
    ]
    assert states[0] == "down"


def test_a_recording_may_begin_later(made, recording: bytes):
    late = read(record(made, start=30 * TICKS_PER_SECOND))
    whole = dict(read(recording)["/tf"])
    for nanoseconds, message in late["/tf"]:
        assert nanoseconds >= 30 * 10**9
        assert message.SerializeToString() == whole[nanoseconds].SerializeToString()


@pytest.mark.parametrize("options", [{"rate": 0.0}, {"rate": 1e9}, {"start": 10**12}])
def test_a_rate_or_a_time_out_of_range_is_refused(made, options):
    with pytest.raises(CommandError):
        record(made, **options)
