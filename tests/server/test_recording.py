"""A run of the server as an MCAP file, by REST."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from mcap.reader import make_reader

from server.tokens import add_token
from tests.server.serving import Serving


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), speed=100.0)
    serving.post("/runs/default/jump", {"seconds": 60})
    serving.post("/runs/default/pause")
    yield serving
    serving.stop()


def logs(recording: bytes) -> list[bytes]:
    reader = make_reader(io.BytesIO(recording), validate_crcs=True)
    return [message.data for _, _, message in reader.iter_messages(topics=["/events"])]


def test_a_run_is_recorded_as_it_went(serving: Serving):
    command = {"path": "/Plant/A/Press", "action": "fail", "value": 20.0}
    done = serving.post("/runs/default/commands", command)
    serving.post("/runs/default/jump", {"seconds": 60})
    begin = done["tick"] / 1e6 - 5
    answers = [
        serving.call("GET", "/runs/default/recording", params={"start": begin, "rate": 2.0})
        for _ in range(2)
    ]
    assert answers[0].status_code == 200, answers[0].text
    assert answers[0].content == answers[1].content
    assert ".mcap" in answers[0].headers["content-disposition"]
    told = logs(answers[0].content)
    assert any(b"Press" in each and b"is down" in each for each in told)
    summary = make_reader(io.BytesIO(answers[0].content)).get_summary()
    assert summary is not None
    assert summary.statistics is not None
    assert summary.statistics.message_end_time >= (begin + 60) * 1e9


@pytest.mark.parametrize(
    "query", [{"until": 1e8}, {"start": 1e8}, {"rate": 0.0}, {"rate": 1e9}, {"start": "x"}]
)
def test_what_can_not_be_recorded_is_refused(serving: Serving, query):
    answer = serving.call("GET", "/runs/default/recording", params=query)
    assert 400 <= answer.status_code < 500, answer.text


def test_one_recording_is_made_at_a_time(serving: Serving):
    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(serving.call, "GET", "/runs/default/recording", params={"rate": 20.0})
            for _ in range(4)
        ]
    codes = sorted(call.result().status_code for call in calls)
    assert codes[0] == 200
    assert set(codes) <= {200, 429}
    assert 429 in codes
    assert serving.call("GET", "/runs/default/recording").status_code == 200


def test_a_viewer_may_not_record(tmp_path):
    tokens = tmp_path / "tokens"
    token = add_token(tokens, "eye", "viewer")
    serving = Serving(tmp_path, wait=False, guarded=(tokens, None))
    try:
        headers = {"Authorization": f"Bearer {token}"}
        answer = serving.call("GET", "/runs/default/recording", headers=headers)
        assert answer.status_code == 403
    finally:
        serving.stop()
