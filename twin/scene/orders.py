"""Order lists: CSV files beside a scene that say what a source releases when, and until when.

The first line names the columns: product and release [s], and if wanted due [s] and quantity. A
file must lie in the folder of the layer that names it, or below, so that a scene can't look around.
"""

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pxr import Sdf, Usd

from twin.core.parameters import LONGEST
from twin.errors import Problem, SceneError, nearest
from twin.kinds.source import Source
from twin.plant.declared import ProductParams
from twin.scene.survey import kinds_of

__all__ = ["with_orders"]

ORDERS = "twin:orders"
COLUMNS = ("product", "release", "due", "quantity")
LARGEST = 64 << 20  # bytes of a file
MOST_ORDERS = 1_000_000
MOST_PARTS = 1_000_000  # of one order
MOST_PROBLEMS = 20  # of one file; more of the same help nobody

Row = tuple[str, float, float, int]


def with_orders(prim: Usd.Prim, params: Source) -> Source:
    """The parameters of a source with the orders of its file.

    Raises:
        SceneError: the file can't be read, or lines of it are wrong.
    """
    where = f"{prim.GetPath()} {ORDERS}"
    if params.order_times or params.order_products:
        rule = "must be empty where twin:orderTimes are given"
        raise SceneError([Problem(where, rule, params.orders)])
    table = _Table(where, params.orders, _product_names(prim.GetStage()))
    rows = list(table.rows(_text(where, _folder(prim), params.orders)))
    if table.problems:
        raise SceneError(table.problems[:MOST_PROBLEMS])
    if not rows:
        raise SceneError([Problem(where, f"{params.orders}: must list at least one order")])
    names, releases, dues, quantities = zip(*rows, strict=True)
    return replace(
        params,
        order_products=names,
        order_times=releases,
        order_deadlines=dues,
        order_quantities=quantities,
    )


def _folder(prim: Usd.Prim) -> Path:
    """The folder of the layer that names the file; of the root layer if that has none."""
    attribute = prim.GetAttribute(ORDERS)
    stack = attribute.GetPropertyStack(Usd.TimeCode.Default()) if attribute else []
    spec = next((each for each in stack if each.HasInfo("default")), None)
    named = spec.layer.realPath if isinstance(spec, Sdf.AttributeSpec) else ""
    return Path(named or prim.GetStage().GetRootLayer().realPath).parent.resolve()


def _product_names(stage: Usd.Stage) -> tuple[str, ...]:
    names = [prim.GetName() for prim in stage.Traverse() if ProductParams in kinds_of(prim)]
    return tuple(names) or ("part",)


def _text(where: str, folder: Path, name: str) -> str:
    try:
        file = (folder / name).resolve()
        if not file.is_relative_to(folder):
            raise SceneError([Problem(where, "must lie beside its layer or below", name)])
        if not file.is_file():
            raise SceneError(
                [Problem(where, "must be a file", name, "its path begins at its layer")]
            )
        if file.stat().st_size > LARGEST:
            rule = f"must have at most {LARGEST:,} bytes"
            raise SceneError([Problem(where, rule, f"{file.stat().st_size:,}")])
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:  # also what is no text, and a path with a NUL
        raise SceneError([Problem(where, "must be a readable text file", name)]) from error


@dataclass(slots=True)
class _Table:
    """The lines of a file on their way to orders; problems are gathered."""

    where: str
    name: str
    products: tuple[str, ...]
    problems: list[Problem]
    line: int
    last: float

    def __init__(self, where: str, name: str, products: tuple[str, ...]) -> None:
        self.where, self.name, self.products = where, name, products
        self.problems, self.line, self.last = [], 1, 0.0

    def rows(self, text: str) -> Iterator[Row]:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = [each.strip() for each in next(reader, list[str]())]
            if not self._has_columns(header):
                return
            for fields in reader:
                self.line = reader.line_num
                if any(each.strip() for each in fields) and (row := self._row(header, fields)):
                    yield row
                if len(self.problems) >= MOST_PROBLEMS or self.line > MOST_ORDERS:
                    break
        except csv.Error as error:
            self._wrong(f"must be CSV: {error}", "")
        if self.line > MOST_ORDERS:
            self._wrong(f"must be the last: at most {MOST_ORDERS:,} lines are read", "")

    def _has_columns(self, header: list[str]) -> bool:
        for each in header:
            if each not in COLUMNS or header.count(each) > 1:
                rule = f"must name columns {', '.join(COLUMNS)}, each once"
                self._wrong(rule, each, nearest(each, COLUMNS))
                return False
        missing = [each for each in COLUMNS[:2] if each not in header]
        if missing:
            self._wrong(f"must name the column {missing[0]}", ", ".join(header) or "nothing")
        return not missing

    def _row(self, header: list[str], fields: list[str]) -> Row | None:
        known = len(self.problems)
        if len(fields) != len(header):
            self._wrong(f"must have {len(header)} fields", str(len(fields)))
            return None
        of = {key: each.strip() for key, each in zip(header, fields, strict=True)}
        if of["product"] not in self.products:
            rule = "product must be one of the plant's"
            self._wrong(rule, of["product"], nearest(of["product"], self.products))
        release = self._seconds("release", of["release"])
        if release < self.last:
            self._wrong(f"release must be >= that before ({self.last:g} s)", of["release"])
        self.last = max(self.last, release)
        due = self._seconds("due", of["due"]) if of.get("due") else 0.0
        if of.get("due") and due < release:
            self._wrong(f"due must be >= release ({release:g} s)", of["due"])
        quantity = self._quantity(of["quantity"]) if of.get("quantity") else 1
        return None if len(self.problems) > known else (of["product"], release, due, quantity)

    def _seconds(self, column: str, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if 0 <= value <= LONGEST:
            return value
        self._wrong(f"{column} must be a number >= 0 s and <= {LONGEST:g} s", text)
        return self.last

    def _quantity(self, text: str) -> int:
        if text.isascii() and text.isdigit() and 1 <= int(text[:8]) <= MOST_PARTS:
            return int(text[:8])
        self._wrong(f"quantity must be a whole number from 1 to {MOST_PARTS:,}", text)
        return 1

    def _wrong(self, rule: str, value: str, way_out: str = "") -> None:
        short = value if len(value) <= 40 else f"{value[:37]}..."
        rule = f"{self.name} line {self.line}: {rule}"
        self.problems.append(Problem(self.where, rule, short or "nothing", way_out))
