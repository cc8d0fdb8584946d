"""The plants that every contract test runs on: each file `shop_*.py` here adds its own.

Such a file has a function per plant, named in its list SHOPS; together they hold every kind.
"""

from importlib import import_module
from pathlib import Path

from twin.plant import Plant

__all__ = ["SHOPS"]

FILES = sorted(Path(__file__).parent.glob("shop_*.py"))

SHOPS: dict[str, Plant] = {
    make.__name__: make()
    for file in FILES
    for make in import_module(f"tests.kinds.{file.stem}").SHOPS
}
