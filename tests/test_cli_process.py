"""The command as users start it: a process of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.sources import ROOT
from tests.test_cli import SCENE, unwarned

# A random line, so that the same bytes are no accident.
RANDOM = SCENE.replace(
    "double twin:processTime = 30",
    'double twin:processTime = 30\n        token twin:processDistribution = "exponential"\n'
    "        double twin:mtbf = 300\n        double twin:mttr = 60",
)


@pytest.fixture
def scene(tmp_path: Path) -> str:
    (tmp_path / "line.usda").write_text(RANDOM)
    return str(tmp_path / "line.usda")


def twin(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "twin", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("more", [[], ["--replications", "4"]])
def test_two_processes_write_the_same_bytes(scene: str, more: list[str]):
    command = ["run", scene, "--until", "8h", "--seed", "7", *more, "--json"]
    one, two = twin(*command, PYTHONHASHSEED="1"), twin(*command, PYTHONHASHSEED="2")
    assert (one.returncode, unwarned(one.stderr.decode())) == (0, "")
    assert one.stdout == two.stdout
    assert len(one.stdout) > 1000
    assert str(Path(scene).parent).encode() not in one.stdout


def test_another_seed_is_another_run(scene: str):
    one, two = (twin("run", scene, "--until", "8h", "--seed", seed, "--json") for seed in "12")
    assert one.stdout != two.stdout


def test_bad_input_is_told_on_stderr_without_a_traceback():
    done = twin("run", "nowhere.usda")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: nowhere.usda is neither a file nor a bundled scene")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "words",
    [
        ["run", "{scene}", "--until", "60s"],
        ["run", "{scene}", "--until", "60s", "--json"],
        ["run", "{scene}", "--until", "60s", "--replications", "2"],
        ["check", "{scene}"],
        ["check", "{scene}", "--json"],
        ["export", "{scene}", "--until", "10s", "--out", "{folder}/out"],
        ["run", "--help"],
        ["--version"],
    ],
)
def test_output_that_can_not_be_written_is_told_in_one_line(
    scene: str, tmp_path: Path, words: list[str]
):
    arguments = [word.format(scene=scene, folder=tmp_path) for word in words]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "twin", *arguments],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert "Traceback" not in done.stderr
    lines = unwarned(done.stderr).splitlines()
    told = [line for line in lines if not line.startswith("Warning: in Sdf")]
    assert told == ["error: the output can't be written: No space left on device"]
    assert done.returncode == 1


@pytest.mark.parametrize(
    "words", [["run", "{scene}", "--until", "60s"], ["check", "{scene}", "--json"], ["--help"]]
)
def test_a_reader_that_goes_away_ends_the_command_quietly(scene: str, words: list[str]):
    arguments = [word.format(scene=scene) for word in words]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "twin", *arguments],
        cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, unwarned(done.stderr)) == (1, "")


@pytest.mark.parametrize("more", [[], ["--replications", "3"]])
def test_tables_fit_the_columns_that_are_asked_for(more: list[str]):
    words = ["run", "body_shop", "--until", "2h", *more]
    words += ["--set", "/BodyShop/Line/Station_060.twin:transferTime=8"]
    words += ["--scenario", "scenes/body_shop/scenarios/double_failures.usda"]
    done = twin(*words, COLUMNS="80")
    assert (done.returncode, unwarned(done.stderr.decode())) == (0, "")
    assert "…" not in done.stdout.decode()
    assert max(map(len, done.stdout.decode().splitlines())) <= 80


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from twin.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pxr', 'fastapi', 'numba', 'numpy', 'scipy', 'trimesh', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"


def test_serve_answers_until_it_is_interrupted(scene: str):
    command = [sys.executable, "-m", "twin", "serve", scene, "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = re.search(r"http://\S+", line)
        assert address is not None, line
        with urllib.request.urlopen(address[0], timeout=20) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
