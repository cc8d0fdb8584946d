"""Programs of cubics in the exporter: links are where they should be, within bounds."""

from pathlib import Path

import numpy as np

from tests.scene.test_programs import sealing
from twin.engine.layout import lay_out
from twin.motion.frame import pose_from
from twin.scene import load
from twin.scene.export.keys import angle_between
from twin.scene.export.robot_curves import RobotCurves

METRES, RADIANS = 1e-3, 1e-3


def test_keys_of_a_program_by_targets_keep_their_bounds(tmp_path: Path):
    plant = load(sealing(tmp_path).saved())
    layout = lay_out(plant)
    assert layout.programs.piece_count.any()
    bases = [tuple(part[0] for part in pose_from(layout.bases))]
    curves = RobotCurves(layout, [(bases[0][0], bases[0][1])], METRES, RADIANS).of(0, 0)
    time = np.random.default_rng(1).random(3000) * layout.programs.duration[0]
    joints = layout.programs.joints(np.zeros(len(time), np.int64), time)
    frames = plant.robots[0].arm.link_frames(joints, layout.bases[0])[:, 1:]
    for link, (position, turn) in enumerate(curves):
        xyz, wxyz = pose_from(frames[:, link])
        assert np.linalg.norm(position.at(time) - xyz, axis=1).max() <= METRES
        assert angle_between(turn.at(time), wxyz).max() <= RADIANS
        assert len(position.time) < 600  # sparse, though the table has hundreds of pieces
