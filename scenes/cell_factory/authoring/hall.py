"""Layout layer: the hall."""

from pxr import Usd

from scenes.cell_factory.authoring.plan import ROOT

__all__ = ["VIEWS", "author_hall"]

VIEWS = {  # camera: eye, target [m]
    "Overview": ((-34.0, -38.0, 40.0), (50.0, 14.0, 0.0)),
    "Cells": ((8.0, -9.5, 6.5), (24.0, 3.0, 0.6)),
}


def author_hall(stage: Usd.Stage) -> None:
    """Build the hall."""
