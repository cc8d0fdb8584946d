"""What of a stream concerns a part of a plant: exactly what moves there."""

import numpy as np
import pytest

from server.area import Area
from server.tape import Note
from tests.server.line import line, make_run
from twin.core.world import NONE
from twin.engine.layout import lay_out
from twin.engine.poses import poses_from
from twin.errors import CommandError
from twin.motion import current

SECOND = 1_000_000


def test_who_looks_at_an_area_sees_the_parts_that_are_there_and_no_others():
    run = make_run()
    run.advance(400 * SECOND)
    rows = run.tape.segments.rows
    everywhere = Area(run.plant, run.sim.layout, ["/Line"])
    here = Area(run.plant, run.sim.layout, ["/Line/Belt", "/Line/Weld"])
    told, kept = [], []
    for piece in np.array_split(rows, 17):
        kept.append(here.segments(piece))
        told.append(everywhere.segments(piece))
    assert np.array_equal(np.concatenate(told), rows)
    cut = np.concatenate(kept)
    assert 0 < len(cut) < len(rows)
    seen = 0
    for second in range(0, 400, 7):
        tick = second * SECOND
        shown = poses_from(current(cut, tick), run.sim.layout, tick)
        whole = current(rows, tick)
        parts = whole[(whole["subject"] >= 1) & (whole["track"] >= 0)]
        there = parts[in_area(run.sim.layout, parts["track"])]
        assert sorted(shown.serial.tolist()) == sorted(there["part"].tolist())
        seen += len(there)
    assert seen > 50


def in_area(layout, track):
    """Whether paths are those of the belt, of the weld, or lead there; by hand."""
    plant = line()
    rows = {place.path: row for row, place in enumerate(plant.places)}
    own = {int(layout.place_path[rows[path]]) for path in ("/Line/Belt", "/Line/Weld")}
    links = {
        int(path)
        for path, (_, taker) in zip(layout.link_path, plant.links, strict=True)
        if taker in (rows["/Line/Belt"], rows["/Line/Weld"])
    }
    return np.isin(track, sorted((own | links) - {NONE}))


def test_a_newcomer_is_told_the_same_as_who_was_there():
    run = make_run()
    run.advance(100 * SECOND)
    early = Area(run.plant, run.sim.layout, ["/Line/Belt"])
    early.begin(run.tape.segments.rows)
    before = len(run.tape.segments.rows)
    run.advance(200 * SECOND)
    rows = run.tape.segments.rows
    told = np.concatenate([early.segments_for(rows[:before]), early.segments(rows[before:])])
    now = early.segments_for(run.tape.segments_since(200 * SECOND))
    for cut in (told, now):
        at = current(cut, 200 * SECOND)
        held = at[at["track"] >= 0]
        assert sorted(held["part"].tolist()) == sorted(
            current(now, 200 * SECOND)["part"][current(now, 200 * SECOND)["track"] >= 0].tolist()
        )


def test_states_and_notes_are_those_of_the_area():
    run = make_run()
    run.advance(300 * SECOND)
    area = Area(run.plant, run.sim.layout, ["/Line/Weld"])
    row = run.plant.index("/Line/Weld")
    assert set(area.states(run.tape.states.rows)["place"].tolist()) == {row}
    paths = ("/Line/Weld", "/Line/In", "")
    notes = [Note(tick=0, kind="down", path=path, text="") for path in paths]
    assert [note["path"] for note in area.notes(notes)] == ["/Line/Weld", ""]


def test_a_path_without_a_place_is_refused_with_the_nearest():
    plant = line()
    with pytest.raises(CommandError, match=r"/Line/Wld has no place.*did you mean /Line/Weld"):
        Area(plant, lay_out(plant), ["/Line/Wld"])
