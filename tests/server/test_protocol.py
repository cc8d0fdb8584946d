"""The written specification says what the code does: every table is compared."""

import re
from pathlib import Path

import numpy as np
import pytest

import server
from server import (
    audit,
    check,
    confine,
    conversation,
    feed,
    gate,
    hosted,
    lockstep,
    messages,
    runs,
    service,
    session,
    tokens,
    topic,
    unpack,
    uploads,
    wire,
)
from server.access import ROLE_OF
from server.limits import Limits
from server.refusal import STATUS
from server.service import LONGEST_MESSAGE
from server.settings import Settings
from twin.scene import layers

TEXT = (Path(server.__file__).parent / "PROTOCOL.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    below = TEXT.split(f"# {heading}\n", 1)[1]
    lines = re.search(r"\n\|.*\n\|[-|]+\n((?:\|.*\n)+)", below)
    assert lines is not None
    return [
        [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
        for line in lines[1].splitlines()
    ]


WIDTH = {"u8": 1, "u16": 2, "u32": 4, "i64": 8}
LETTER = {"u8": "B", "u16": "H", "u32": "I", "i64": "q"}


def test_the_header_is_laid_out_as_written():
    rows = table("Header")
    offset = 0
    for at, _, kind, _ in rows:
        assert int(at) == offset
        offset += WIDTH[kind]
    assert offset == wire.HEADER.size
    assert "<" + "".join(LETTER[row[2]] for row in rows) == wire.HEADER.format
    stamp = wire.Stamp(2, 3, 4)
    data = wire.time_frame(stamp, 5, 6.0, 7.0)
    values = dict(zip([row[1] for row in rows], wire.HEADER.unpack_from(data), strict=True))
    assert values == {
        "magic": 0x5754, "version": 1, "type": 1, "epoch": 2, "seq": 3, "key_seq": 4, "tick": 5,
        "count": 1, "flags": 0,
    }  # fmt: skip


def test_the_arrays_of_every_frame_type_are_those_written():
    written = {}
    for number, name, arrays, _ in table("Types"):
        found = re.findall(r"(\w+) ([fiu]\d+)\[(\w+)\]", arrays)
        assert wire.FrameType[name] == int(number)
        written[wire.FrameType[name]] = found
    assert written.keys() == wire.ARRAYS.keys()
    for kind, arrays in wire.ARRAYS.items():
        assert [name for name, _, _ in written[kind]] == [name for name, _ in arrays]
        for (name, dtype), (_, code, length) in zip(arrays, written[kind], strict=True):
            assert np.dtype(dtype) == np.dtype(f"{code[0]}{int(code[1:]) // 8}")
            many = f"{wire.PER_COUNT.get(name, '')}n"
            assert length == str(wire.LENGTHS.get(name, many))


def test_the_flag_of_a_full_state_is_bit_0():
    assert wire.FULL == 1


def test_every_request_is_written_with_its_fields_and_its_role():
    models = {
        model.model_fields["op"].annotation.__args__[0]: model for model in messages.Ask.__args__
    }
    rows = {op: (fields, role) for op, fields, role, _ in table("Requests")}
    assert tuple(sorted(rows)) == tuple(sorted(messages.OPS)) == tuple(sorted(models))
    for op, (fields, role) in rows.items():
        named = {each.strip() for each in fields.split(",") if each.strip()}
        assert named == models[op].model_fields.keys() - {"op", "id"}, op
        assert ROLE_OF[op].name.lower() == role, op


def test_every_error_code_is_written_with_its_status():
    assert {code: int(status) for code, status, _ in table("Error codes")} == STATUS


def test_every_close_code_is_written():
    ours = {
        conversation.PROTOCOL_ERROR, conversation.POLICY, conversation.TRY_LATER,
        conversation.NO_RUN, 1007, 1009, gate.EXPIRED,
    }  # fmt: skip
    assert {int(code) for code, _ in table("Close codes")} == ours
    assert f"longer than {LONGEST_MESSAGE} bytes" in TEXT


LIMITS_OF_DOOR = Limits()
LIMITS = {
    "message to the server": messages.LONGEST,
    "requests open": session.MOST_OPEN,
    "answers not read": session.MOST_UNREAD,
    "frames kept for who lags": feed.MOST_FRAMES,
    "bytes kept for who lags": feed.MOST_BYTES,
    "seconds to take what is sent": conversation.PATIENCE,
    "seconds to answer a ping of WebSocket": service.ASKED_EVERY + service.ANSWERED_WITHIN,
    "clients of a run": hosted.MOST_CLIENTS,
    "topics of a run": hosted.MOST_TOPICS,
    "paths of a topic": topic.MOST_PATHS,
    "clients of a run in lock-step": lockstep.MOST_GATES,
    "steps a second of a client in lock-step": lockstep.STEP_RATE,
    "runs": runs.MOST_RUNS,
    "private forks": runs.MOST_PRIVATE,
    "messages a second of a socket": LIMITS_OF_DOOR.message_rate,
    "messages at once of a socket": LIMITS_OF_DOOR.message_burst,
    "requests a second of an address": LIMITS_OF_DOOR.request_rate,
    "requests at once of an address": LIMITS_OF_DOOR.request_burst,
    "requests being answered": LIMITS_OF_DOOR.requests_at_once,
    "bytes of a request": LIMITS_OF_DOOR.body,
    "seconds for a request to arrive": LIMITS_OF_DOOR.body_within,
    "sockets": LIMITS_OF_DOOR.sockets,
    "sockets of a token": LIMITS_OF_DOOR.sockets_of_token,
    "connections": LIMITS_OF_DOOR.connections,
    "seconds of CPU time to prepare a run": confine.PREPARING,
    "GiB of address space of a run": Settings().run_memory,
    "characters of a token": tokens.LONGEST_SECRET,
    "bytes of a file of the audit log": audit.LARGEST,
    "older files of the audit log": audit.KEPT,
    "scenes uploaded": uploads.MOST_UPLOADS,
    "bytes of all of them, as they came and unpacked": uploads.ROOM,
    "bytes of an upload": LIMITS_OF_DOOR.upload,
    "seconds for an upload to arrive": LIMITS_OF_DOOR.upload_within,
    "uploads received or checked at once": uploads.AT_ONCE,
    "files of an archive": unpack.MOST_FILES,
    "bytes of an archive, unpacked": unpack.MOST_BYTES,
    "times that a file of an archive may be compressed": unpack.MOST_RATIO,
    "levels of folders in an archive": unpack.MOST_LEVELS,
    "seconds to check an upload": uploads.CHECK_WITHIN,
    "seconds of CPU time to check an upload": confine.CHECKING,
    "GiB of address space to check an upload": confine.CHECK_MEMORY,
    "levels of brackets in a layer": layers.DEEPEST,
    "prims of an uploaded scene, those of instances counted": check.MOST_PRIMS,
}


def test_every_limit_is_written():
    written = {what: int(limit.split()[0]) for what, limit in table("7. Limits")}
    assert written == LIMITS


@pytest.mark.parametrize("op", ["preparing", "hello", "ack", "pong", "error", "driver", "run"])
def test_every_answer_is_written(op: str):
    assert op in {row[0] for row in table("Answers and news")}


def test_a_greeting_has_the_fields_that_are_written():
    import inspect

    fields = next(row[1] for row in table("Answers and news") if row[0] == "hello")
    source = inspect.getsource(conversation) + inspect.getsource(session)
    for name in fields.split(", "):
        assert f'"{name}"' in source, name
