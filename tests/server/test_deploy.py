"""What comes for deployment is what its tools accept, and fits the settings that there are."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import server
from server.settings import Settings

DEPLOY = Path(server.__file__).parent / "deploy"
UNIT = (DEPLOY / "twin.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_accepts_the_unit_and_finds_it_not_exposed(tmp_path: Path):
    unit = tmp_path / "twin.service"
    unit.write_text(UNIT.replace("/opt/twin/bin/twin", sys.executable), encoding="utf-8")
    env = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True, text=True, check=False, env=env,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
        capture_output=True, text=True, check=False, env=env,
    )  # fmt: skip
    if "nrecognized option" not in judged.stderr:
        assert judged.returncode == 0, judged.stdout[-300:]


def test_the_variables_of_both_are_settings():
    known = {f"TWIN_{name.upper()}" for name in Settings.model_fields}
    for text in (UNIT, CONTAINER):
        assert set(re.findall(r"\b(TWIN_\w+)=", text)) <= known


def test_the_container_runs_as_nobody_of_note_and_ends_as_the_server_does():
    words = [line.split()[0] for line in CONTAINER.splitlines() if line[:1].isupper()]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "STOPSIGNAL SIGTERM" in CONTAINER
    assert "landlock_restrict_self" in UNIT  # processes that open uploads shut themselves in
