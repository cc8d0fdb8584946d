"""Two copies of what was decided: what one lost the other gives back; nothing is made up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.journal import CommandRow, RunRecord
from twin.journal.decisions import (
    DecisionLog,
    Line,
    chained,
    command_of,
    merged,
    read_lines,
    record_of,
    text_of,
    write_whole,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
HURTS = st.sampled_from(["", "", "", "gone", "text", "chain"])
COMMANDS = st.builds(
    CommandRow, tick=st.integers(0, 1 << 62), action=TEXTS, path=TEXTS, key=TEXTS,
    value=st.floats(allow_nan=False), sequence=st.integers(1, 1 << 40), refused=TEXTS,
)  # fmt: skip


def lines_of(count: int) -> dict[int, Line]:
    lines, chain = {}, ""
    for number in range(count):
        row = CommandRow(tick=number, action="stop", sequence=number)
        text = text_of(row if number else RunRecord(id="r", scene="s"))
        chain = chained(chain, text)
        lines[number] = Line(text, chain)
    return lines


def hurt(lines: dict[int, Line], how: list[str], mark: str) -> dict[int, Line]:
    """A copy with some lines gone, their texts altered, or their hashes."""
    copy = dict(lines)
    for number, (line, what) in enumerate(zip(lines.values(), how, strict=True)):
        match what:
            case "gone":
                del copy[number]
            case "text":
                copy[number] = Line(f"{line.text}{mark}", line.chain)
            case "chain":
                copy[number] = Line(line.text, f"{mark}{line.chain[1:]}")
    return copy


@given(COMMANDS)
def test_a_command_is_told_and_read_without_change(row):
    assert command_of(text_of(row)) == row


def test_a_record_is_told_and_read_without_change():
    record = RunRecord(id="r", scene="s", overrides=("a", "b"), created=0.1, parent_tick=7)
    assert record_of(text_of(record)) == record


def test_a_field_that_is_new_changes_no_hash_of_an_old_row():
    assert text_of(CommandRow(tick=0, action="stop", sequence=1)) == (
        '{"action":"stop","sequence":1,"tick":0}'
    )


@given(st.lists(st.tuples(HURTS, HURTS), min_size=2, max_size=9))
def test_whatever_is_damaged_no_line_comes_back_other_than_it_was(how):
    lines = lines_of(len(how))
    found = merged(
        hurt(lines, [one for one, _ in how], "x"), hurt(lines, [two for _, two in how], "y")
    )
    for number, line in found.lines.items():
        assert line.text == lines[number].text
    last = max((n for n, (one, two) in enumerate(how) if {one, two} != {"gone"}), default=-1)
    assert {*found.lines, *found.lost} == set(range(last + 1))


@given(st.lists(st.sampled_from(["", "one", "two"]), min_size=1, max_size=9), HURTS)
def test_what_one_copy_has_sound_is_never_lost(which, what):
    lines = lines_of(len(which))
    copies = [
        hurt(lines, [what if each == name else "" for each in which], "x")
        for name in ("one", "two")
    ]
    found = merged(*copies)
    assert (found.lines, found.lost) == (lines, ())


def test_a_log_is_appended_whole_or_not_at_all(tmp_path):
    file = tmp_path / "log"
    lines = list(lines_of(4).values())
    write_whole(file, lines[:1])

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    log = DecisionLog(file, sync=refuse)
    with pytest.raises(OSError, match="No space"):
        log.append(lines[1:3])
    log.close()
    assert read_lines(file) == ({0: lines[0]}, 0)


def test_a_torn_end_of_a_log_is_counted_and_the_rest_is_read(tmp_path):
    file = tmp_path / "log"
    lines = lines_of(3)
    write_whole(file, lines.values())
    file.write_bytes(file.read_bytes()[:-9])
    assert read_lines(file) == ({0: lines[0], 1: lines[1]}, 1)


def test_not_a_number_is_told_as_such():
    row = CommandRow(tick=0, action="set", value=math.nan, sequence=1)
    assert math.isnan(command_of(text_of(row)).value)
