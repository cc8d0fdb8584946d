import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import wire
from server.tape import STATE_CHANGE
from server.wire import FrameError, FrameType, Stamp, decode
from twin.motion import SEGMENT

STAMP = Stamp(epoch=3, seq=7, key_seq=5)


def segments(count: int):
    rows = np.zeros(count, SEGMENT)
    for number, name in enumerate(SEGMENT.names):
        rows[name] = np.arange(count) + 1000 * number
    rows["ramp"], rows["jerk"] = 0.5, 0.25
    return rows


def states(count: int):
    rows = np.zeros(count, STATE_CHANGE)
    rows["tick"], rows["place"], rows["state"] = np.arange(count) * 10, np.arange(count), 3
    return rows


def figures(count: int):
    return {
        "totals": np.arange(8.0),
        "times": np.arange(8.0 * count).reshape(count, 8),
        "finished": np.arange(count, dtype=np.int32),
        "level": np.arange(count, dtype=np.int32) + 5,
    }


def one_of_each(count: int) -> list[bytes]:
    events = [{"tick": n, "kind": "down", "path": f"/P{n}", "text": "é"} for n in range(count)]
    return [
        wire.time_frame(STAMP, 42, 1.5, 20.0),
        wire.segment_frame(STAMP, 42, segments(count)),
        wire.segment_frame(STAMP, 42, segments(count), key=True),
        wire.state_frame(STAMP, 42, states(count), full=True),
        wire.kpi_frame(STAMP, 42, figures(count)),
        wire.event_frame(STAMP, 42, events),
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_frame_reads_back_as_it_was_written(count: int):
    time, seg, key, state, kpi, event = map(decode, one_of_each(count))
    kinds = [frame.kind for frame in (time, key, seg, state, kpi, event)]
    assert kinds == list(FrameType)[:6]
    assert {frame.stamp for frame in (time, seg, key, state, kpi, event)} == {STAMP}
    assert {frame.tick for frame in (time, seg, key, state, kpi, event)} == {42}
    assert time.arrays["map"].tolist() == [1.5, 20.0]
    for name in SEGMENT.names:
        assert seg.arrays[name].tolist() == segments(count)[name].tolist()
        assert key.arrays[name].tolist() == segments(count)[name].tolist()
    assert state.flags == wire.FULL
    assert state.arrays["tick"].tolist() == (np.arange(count) * 10).tolist()
    assert kpi.arrays["times"].tolist() == np.arange(8.0 * count).tolist()
    assert kpi.arrays["level"].tolist() == (np.arange(count) + 5).tolist()
    assert [row["path"] for row in event.events] == [f"/P{n}" for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_array_begins_at_a_multiple_of_eight_bytes(count: int):
    for data in one_of_each(count):
        assert len(data) % 8 == 0
        start = np.frombuffer(data, np.uint8).__array_interface__["data"][0]
        for array in decode(data).arrays.values():
            if len(array):
                assert (array.__array_interface__["data"][0] - start) % 8 == 0


def test_a_time_frame_has_these_bytes():
    assert wire.time_frame(Stamp(1, 2, 3), 1_000_000, 0.5, 2.0).hex(" ", 4) == (
        "54570101 01000000 02000000 03000000 40420f00 00000000 01000000 00000000 "
        "00000000 0000e03f 00000000 00000040"
    )


def test_a_state_frame_has_these_bytes():
    rows = np.array([(5, 1, 3)], STATE_CHANGE)
    assert wire.state_frame(Stamp(1, 2, 3), -1, rows, full=True).hex(" ", 4) == (
        "54570104 01000000 02000000 03000000 ffffffff ffffffff 01000000 01000000 "
        "00000000 00001440 01000000 00000000 03000000 00000000"
    )


def test_an_event_frame_has_these_bytes():
    data = wire.event_frame(Stamp(1, 1, 0), 0, [])
    assert data[32:] == b"[]" + bytes(6)
    assert data[24:28] == b"\x02\0\0\0"


@pytest.mark.parametrize("data", one_of_each(3))
def test_a_frame_that_is_cut_off_anywhere_is_refused(data: bytes):
    for length in range(len(data)):
        with pytest.raises(FrameError):
            decode(data[:length])
    with pytest.raises(FrameError, match="bytes"):
        decode(data + bytes(8))


@pytest.mark.parametrize(
    ("at", "byte", "rule"),
    [(0, 0, "starts with"), (2, 9, "version must be 1"), (3, 0, "type"), (3, 10, "type")],
)
def test_a_foreign_header_is_refused(at: int, byte: int, rule: str):
    data = bytearray(wire.time_frame(STAMP, 0, 0.0, 1.0))
    data[at] = byte
    with pytest.raises(FrameError, match=rule):
        decode(bytes(data))


@given(st.binary(max_size=200), st.sampled_from(sorted(FrameType)), st.integers(0, 2**32 - 1))
def test_no_bytes_do_more_than_be_refused(tail: bytes, kind: int, count: int):
    header = wire.HEADER.pack(wire.MAGIC, wire.VERSION, kind, *STAMP, 0, count, 0)
    for data in (tail, header + tail):
        try:
            frame = decode(data)
        except FrameError:
            continue
        assert sum(array.nbytes for array in frame.arrays.values()) <= len(data)


def test_events_that_are_no_json_array_are_refused():
    for text in (b"{}", b"[1", b"\xff\xff"):
        header = wire.HEADER.pack(wire.MAGIC, wire.VERSION, 6, *STAMP, 0, len(text), 0)
        frame = decode(header + text + bytes(-len(text) % 8))
        with pytest.raises(FrameError, match="JSON array"):
            _ = frame.events
