"""The source files of twin and server, and what each of them imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["ROOT", "imports", "modules"]

ROOT = Path(__file__).parents[1]
PACKAGES = ("twin", "server")
NOT_PYTHON = ("share", "static", "viewer")


def modules() -> dict[str, Path]:
    """Every module of twin and server: dotted name -> file."""
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if not set(parts) & set(NOT_PYTHON):
                found[".".join(parts).removesuffix(".__init__")] = file
    return found


def imports(source: str) -> set[str]:
    """Dotted names that a source imports anywhere, functions included, TYPE_CHECKING left out.

    `from a import b` gives `a.b`, whether b is a module or a name in a; `np.random` used as an
    attribute counts as an import of `numpy.random`.
    """
    return {name for node in _nodes(ast.parse(source)) for name in _names(node)}


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from _nodes(child)
        else:
            for other in child.orelse:
                yield from _nodes(other)


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom():
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        case ast.Call(
            func=ast.Name(id="__import__" | "import_module")
            | ast.Attribute(attr="__import__" | "import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            yield name
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"):
            yield "numpy.random"
        case _:
            pass
