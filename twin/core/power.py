"""What a place draws in each of its states, for the energy of a run and of a part."""

from dataclasses import dataclass

from twin.core.parameters import Params, param

__all__ = ["Power"]


@dataclass(frozen=True, kw_only=True)
class Power(Params):
    """The parameters of a place that draws power; only reports read them."""

    power_working: float = param(
        0.0, unit="W", ge=0, le=1e9, doc="Mean power while it works or is set up."
    )
    power_waiting: float = param(
        0.0, unit="W", ge=0, le=1e9, doc="Mean power while it waits or is down."
    )
    power_off: float = param(0.0, unit="W", ge=0, le=1e9, doc="Mean power while it is off shift.")
