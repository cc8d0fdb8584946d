"""Every module says what it is, and what it offers exists."""

import ast
from importlib import import_module

import pytest

from tests.sources import modules

MODULES = modules()
IMPORTABLE = [name for name in MODULES if not name.endswith("__main__")]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_starts_with_a_sentence(module: str):
    docstring = ast.get_docstring(ast.parse(MODULES[module].read_text("utf-8")))
    assert docstring, f"{module} has no docstring"
    first = docstring.partition("\n\n")[0].rstrip()
    assert first[-1] in ".:", f"{module}: the docstring's first sentence has no end: {first!r}"


@pytest.mark.parametrize("module", IMPORTABLE)
def test_every_public_name_exists(module: str):
    loaded = import_module(module)
    assert hasattr(loaded, "__all__"), f"{module} has no __all__"
    names = loaded.__all__
    assert sorted(set(names)) == sorted(names), f"{module}.__all__ repeats a name"
    assert [name for name in names if not hasattr(loaded, name)] == []
