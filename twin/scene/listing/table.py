"""Lists on disk: CSV and Excel files as rows of texts by column, bounded and without formulas."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from twin.errors import Problem, SceneError

__all__ = ["ENDINGS", "Row", "Table", "read_table"]

ENDINGS = (".csv", ".xlsx")
LARGEST = 64 << 20  # bytes, of a workbook when unpacked
MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST = 10_000  # characters of a cell


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what its filled cells say, by column."""

    number: int  # of the line in the file, the header is 1
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its file's name, its columns, and its lines that are not empty."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def problem(self, row: Row | None, rule: str, value: str = "", way_out: str = "") -> Problem:
        """What is wrong in a line, or in the header."""
        where = f"{self.name} line {1 if row is None else row.number}"
        short = value if len(value) <= 40 else f"{value[:37]}..."
        return Problem(where, rule, short, way_out)


def read_table(file: Path, sheet: str | None = None) -> Table:
    """Read a list whose first line names the columns.

    Args:
        file: a .csv file in UTF-8, separated by commas, semicolons or tabs, or an .xlsx workbook.
        sheet: of a workbook; None is the first.

    Raises:
        SceneError: it can't be read, is too large, or its header is wrong.
    """
    kind = file.suffix.lower()
    if kind not in ENDINGS:
        raise SceneError([Problem(file.name, f"must end in {' or '.join(ENDINGS)}", kind)])
    try:
        content = _content(file)
        lines = _sheet(content, sheet, file.name) if kind == ".xlsx" else _lines(content)
        return _table(file.name, lines)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SceneError([Problem(file.name, "must be a readable list", str(error))]) from error


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        rule = f"must have at most {LARGEST:,} bytes"
        raise SceneError([Problem(file.name, rule, f"{file.stat().st_size:,}")])
    return file.read_bytes()


def _lines(content: bytes) -> Iterator[list[str]]:
    text = content.decode("utf-8-sig")
    header = text.partition("\n")[0]
    comma = max(",;\t", key=header.count)  # Excel writes semicolons where commas are decimal
    return csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)


def _sheet(content: bytes, sheet: str | None, name: str) -> Iterator[list[str]]:
    """The cells of a worksheet as texts; of formulas, the values that were saved with them."""
    book = _book(content, name)
    if sheet is not None and sheet not in book.sheetnames:
        names = ", ".join(book.sheetnames)
        raise SceneError([Problem(name, f"has the sheets {names}", sheet)])
    found: Any = book[sheet] if sheet is not None else book.worksheets[0]
    rows = found.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_ROWS + 2, values_only=True)
    return ([_text(cell) for cell in row] for row in rows)


def _book(content: bytes, name: str) -> Any:
    try:
        size = _unpacked(content)
        fits = size <= LARGEST
        stream = io.BytesIO(content)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True) if fits else None
    except Exception as error:  # readers fail in their own ways
        value = f"{type(error).__name__}: {error}"[:120]
        raise SceneError([Problem(name, "must be a readable workbook", value)]) from error
    if book is None:
        rule = f"must have at most {LARGEST:,} bytes when unpacked"
        raise SceneError([Problem(name, rule, f"{size:,}")])
    return book


def _unpacked(content: bytes) -> int:
    """The bytes of a workbook when unpacked, as it says itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return sum(each.file_size for each in parts.infolist())


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _table(name: str, lines: Iterable[list[str]]) -> Table:
    """Rows by column, with every problem of form."""
    numbered = enumerate(lines, 1)
    _, header = next(numbered, (1, list[str]()))
    columns = [each.strip() for each in header]
    while columns and not columns[-1]:
        columns.pop()
    table = Table(name, tuple(columns), ())
    problems = list(_header_problems(table))
    rows: list[Row] = []
    for number, fields in numbered:
        cells = {key: each.strip() for key, each in zip(columns, fields, strict=False)}
        row = Row(number, {key: each for key, each in cells.items() if each})
        if any(each.strip() for each in fields[len(columns) :]):
            problems.append(table.problem(row, f"must have at most {len(columns)} cells"))
        if any(len(each) > LONGEST for each in fields):
            problems.append(table.problem(row, f"must have at most {LONGEST:,} letters a cell"))
        if row.cells:
            rows.append(row)
        if number > MOST_ROWS:
            problems.append(table.problem(row, f"must be the last: at most {MOST_ROWS:,} are read"))
        if len(problems) > 20 or number > MOST_ROWS:
            break
    if problems:
        raise SceneError(problems)
    return Table(name, tuple(columns), tuple(rows))


def _header_problems(table: Table) -> Iterator[Problem]:
    if not table.columns:
        yield table.problem(None, "must name the columns", "nothing")
    if len(table.columns) > MOST_COLUMNS:
        yield table.problem(None, f"must have at most {MOST_COLUMNS} columns")
    for each in sorted({each for each in table.columns if table.columns.count(each) > 1}):
        yield table.problem(None, "must name each column once", each or "an empty one")
