"""The README tells the truth: its table is fresh, its commands and paths exist."""

import re
import shlex

from typer.testing import CliRunner

from tests.readme import README, renewed
from twin.cli import app
from twin.scene import load

TEXT = README.read_text()


def test_the_table_of_equipment_is_fresh():
    assert renewed(TEXT) == TEXT, "run python -m tests.readme"


def test_every_command_in_it_is_understood(tmp_path):
    lines = set(re.findall(r"(?<=[`\n])twin (?:check|run|serve|demo|export)[^`\n#]*", TEXT))
    assert len(lines) >= 5
    for line in sorted(lines):
        words = shlex.split(line.replace("SCENE", "body_shop").replace("DIR", str(tmp_path)))[1:]
        result = CliRunner().invoke(app, [*words, "--help"])
        assert result.exit_code == 0, line
        options = {word for word in words if word.startswith("--")}
        assert all(option in result.output for option in options), line


def test_its_python_runs(capsys):
    _, below = TEXT.split("## In Python\n")
    code = re.findall(r"```python\n(.*?)```", below, flags=re.DOTALL)[0]
    exec(compile(code, "README.md", "exec"), {})
    first, second = map(int, re.findall(r"(\d+) bodies after two hours", capsys.readouterr().out))
    assert second < first <= 120


def test_every_prim_that_it_names_is_in_the_body_shop(body_shop):
    plant = load(body_shop)
    known = {place.path for place in plant.places}
    named = set(re.findall(r"(/BodyShop/\w+/\w+)\.twin:", TEXT))
    assert named
    assert named <= known


def test_every_file_that_it_names_exists():
    for name in re.findall(r"\]\(([\w./]+)\)", TEXT):
        assert (README.parent / name).exists(), name
    for name in re.findall(r"`((?:twin|server|tests|scenes|assets)/(?!share)[\w/.]*)`", TEXT):
        assert (README.parent / name).exists(), name
