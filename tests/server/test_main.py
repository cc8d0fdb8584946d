import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from server.main import serve
from tests.scene.shop import shop
from tests.sources import ROOT
from twin.errors import CommandError, SceneError

CODE = """
import sys
from server.main import serve
serve(sys.argv[1], port=0, on_ready=lambda url: print(url, flush=True))
print("over")
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_while_it_prepares(tmp_path: Path, end: signal.Signals):
    command = [sys.executable, "-c", CODE, str(shop(tmp_path))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}healthz", timeout=20) as answer:
            assert json.load(answer)["status"] in ("preparing", "ready")
        process.send_signal(end)
        rest, _ = process.communicate(timeout=20)
        assert (process.returncode, rest) == (0, "over\n")


def test_a_wrong_scene_is_refused_before_anything_is_served(tmp_path: Path):
    scene = shop(tmp_path, press="rel twin:nxt = </Shop/Out>")
    with pytest.raises(SceneError, match="twin:next"):
        serve(scene, port=0, on_ready=pytest.fail)


def test_a_plant_that_cannot_run_is_refused_before_anything_is_served(tmp_path: Path):
    scene = shop(tmp_path, press="double twin:mtbf = 600")
    with pytest.raises(SceneError, match="twin:mttr must be > 0"):
        serve(scene, port=0, on_ready=pytest.fail)


def test_a_wrong_override_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="processTime must be"):
        serve(shop(tmp_path), port=0, overrides=["/Shop/Press.twin:processTime=-5"])


def test_wrong_numbers_are_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="speed must be"):
        serve(shop(tmp_path), speed=0.0)
    with pytest.raises(CommandError, match="start must be"):
        serve(shop(tmp_path), start=-1.0)


def test_an_address_that_is_not_ours_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match=r"can't listen on 192\.0\.2\.1"):
        serve(shop(tmp_path), host="192.0.2.1", port=0)


def test_the_server_itself_loads_neither_usd_nor_the_engine():
    code = "import sys, server.main; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert not {"pxr", "numba", "scipy", "trimesh"} & set(done.stdout.split())
