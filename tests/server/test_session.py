import json

import pytest

from server.feed import MOST_FRAMES, Feed
from server.messages import LONGEST, Act, Jump, Pause, Play, Reset, SetSpeed
from server.sent import Sent, Welcome
from server.session import MOST_OPEN, MOST_UNREAD, Session
from twin.errors import CommandError

HELLO = {"run": "r1", "scene": "abc", "name": "Shop"}


def welcome(seq: int) -> Welcome:
    return Welcome(
        seq=seq, epoch=1, speed=2.0, playing=True, history=[(0, 0, 0)],
        frames=[b"time", b"key"], notes=b"notes",
    )  # fmt: skip


def frames(first: int, last: int) -> list[Sent]:
    return [Sent(seq, str(seq).encode()) for seq in range(first, last + 1)]


def texts(session: Session, feed: Feed) -> list[dict]:
    return [json.loads(item) for item in session.due(feed) or [] if isinstance(item, str)]


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.add(frames(1, 10))
    return feed


@pytest.fixture
def session() -> Session:
    return Session()


def test_a_client_is_greeted_then_told_what_holds_then_what_is_new(session: Session, feed: Feed):
    assert session.due(feed) == []
    session.start(welcome(8), HELLO)
    hello, *rest = session.due(feed) or []
    assert json.loads(hello) == {
        "op": "hello", "protocol": "twin.v1", **HELLO, "epoch": 1, "speed": 2.0, "fastest": False,
        "playing": True, "resumed": False, "history": [[0, 0, 0]],
    }  # fmt: skip
    assert rest == [b"time", b"key", b"notes", b"9", b"10"]
    assert session.due(feed) == []
    feed.add(frames(11, 12))
    assert session.due(feed) == [b"11", b"12"]


def test_frames_that_have_not_come_yet_are_not_sent_twice(session: Session, feed: Feed):
    session.start(welcome(12), HELLO)
    session.due(feed)
    feed.add(frames(11, 14))
    assert session.due(feed) == [b"13", b"14"]


def test_clients_share_the_bytes(feed: Feed):
    first, second = Session(), Session()
    for session in (first, second):
        session.start(welcome(9), HELLO)
    assert (first.due(feed) or [])[-1] is (second.due(feed) or [])[-1]


def test_a_client_that_lags_too_far_starts_anew_and_is_not_greeted_again(feed: Feed):
    session = Session()
    session.start(welcome(10), HELLO)
    session.due(feed)
    session.receive('{"op":"ping","id":4,"client":1.5}', 7.0)
    feed.add(frames(11, 20 + MOST_FRAMES))
    assert session.due(feed) is None
    session.start(welcome(19 + MOST_FRAMES), HELLO)
    pong, *rest = session.due(feed) or []
    assert json.loads(pong) == {"op": "pong", "id": 4, "client": 1.5, "wall": 7.0}
    assert rest == [b"time", b"key", str(20 + MOST_FRAMES).encode()]


def test_the_feed_is_bounded_in_bytes_too():
    feed = Feed()
    feed.add(Sent(seq, bytes(2**20)) for seq in range(1, 20))
    assert feed.after(0) is None
    kept = feed.after(11)
    assert kept is not None
    assert [frame.seq for frame in kept] == [12, 13, 14, 15, 16, 17, 18, 19]


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ('{"op":"play","id":1}', Play(op="play", id=1)),
        ('{"op":"pause","id":1}', Pause(op="pause", id=1)),
        ('{"op":"reset","id":1,"more":"is ignored"}', Reset(op="reset", id=1)),
        ('{"op":"speed","id":1,"value":20}', SetSpeed(op="speed", id=1, value=20.0)),
        ('{"op":"jump","id":1,"seconds":60}', Jump(op="jump", id=1, seconds=60.0)),
        (
            '{"op":"command","id":1,"path":"/P","action":"set","attribute":"twin:mtbf","value":2}',
            Act(op="command", id=1, path="/P", action="set", attribute="twin:mtbf", value=2.0),
        ),
    ],
)
def test_a_request_is_understood_and_answered(session: Session, feed: Feed, text: str, ask):
    assert session.receive(text, 0.0) == ask
    session.answer(ask, {"tick": 5})
    assert texts(session, feed) == [{"op": "ack", "id": 1, "tick": 5}]


@pytest.mark.parametrize(
    ("text", "number", "message"),
    [
        ("", None, "must be JSON"),
        ("{", None, "must be JSON"),
        ("[" * 5000, None, "must be JSON"),
        ("[]", None, "must be a JSON object"),
        ('{"id":5}', 5, "there is no op None"),
        ('{"op":"plya","id":5}', 5, "there is no op 'plya'; did you mean play?"),
        ('{"op":["play"],"id":5}', 5, "there is no op ['play']"),
        ('{"op":"play"}', None, "play id: Field required"),
        ('{"op":"play","id":true}', None, "play id: Input should be a valid integer"),
        ('{"op":"play","id":-1}', -1, "play id: Input should be greater than or equal to 0"),
        ('{"op":"speed","id":5}', 5, "speed value: Field required"),
        (
            '{"op":"speed","id":5,"value":"20"}',
            5,
            "speed value.float: Input should be a valid number",
        ),
        ('{"op":"speed","id":5,"value":NaN}', None, "must be JSON"),
        ('{"op":"command","id":5,"path":7,"action":"stop"}', 5, "command path: Input should be"),
        ('{"op":"command","id":5,"path":"/P","action":"set","value":1e300}', 5, "command value"),
        (json.dumps({"op": "play", "id": 5, "x": "y" * LONGEST}), None, f"at most {LONGEST}"),
    ],
)
def test_a_bad_message_is_refused_with_a_reason(
    session: Session, feed: Feed, text: str, number: int | None, message: str
):
    assert session.receive(text, 0.0) is None
    (answer,) = texts(session, feed)
    assert (answer["op"], answer["id"]) == ("error", number)
    assert message in answer["message"]
    assert len(answer["message"]) < 300


def test_an_error_names_the_path_that_the_request_named(session: Session, feed: Feed):
    ask = session.receive('{"op":"command","id":9,"path":"/P","action":"stop"}', 0.0)
    assert ask is not None
    session.refuse(ask, CommandError("/P is not a place"))
    assert texts(session, feed) == [
        {"op": "error", "id": 9, "code": "refused", "message": "/P is not a place", "path": "/P"}
    ]


def test_requests_that_wait_are_bounded(session: Session, feed: Feed):
    asks = [session.receive(f'{{"op":"play","id":{n}}}', 0.0) for n in range(MOST_OPEN + 1)]
    assert asks[-1] is None
    assert None not in asks[:-1]
    assert "at most 32 requests" in texts(session, feed)[0]["message"]
    assert asks[0] is not None
    session.answer(asks[0], {})
    assert session.receive('{"op":"play","id":99}', 0.0) is not None


def test_a_client_that_does_not_read_its_answers_is_found_out(session: Session):
    for _ in range(MOST_UNREAD + 1):
        assert not session.is_flooded
        session.receive("nonsense", 0.0)
    assert session.is_flooded


def test_who_comes_back_goes_on_behind_the_frame_that_it_had(session: Session, feed: Feed):
    told = {"epoch": 1, "speed": 2.0, "fastest": False, "playing": True}
    session.resume(8, told, HELLO)
    hello, *rest = session.due(feed) or []
    assert json.loads(hello) == {
        "op": "hello", "protocol": "twin.v1", **HELLO, **told, "resumed": True,
    }  # fmt: skip
    assert rest == [b"9", b"10"]


def test_a_feed_that_begins_later_does_not_serve_who_was_there_before():
    feed = Feed()
    feed.add(frames(3, 6))
    feed.begin(4)
    assert feed.after(3) is None
    assert [frame.seq for frame in feed.after(4) or []] == [5, 6]
