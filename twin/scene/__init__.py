"""Scenes in OpenUSD: schemas, reading, checking, authoring; the only house that knows pxr."""

from twin.scene.check import check_scene, load
from twin.scene.overrides import override
from twin.scene.read import read_plant
from twin.scene.schema import register
from twin.scene.stage import open_stage

__all__ = ["check_scene", "load", "open_stage", "override", "read_plant", "register"]
