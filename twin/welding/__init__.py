"""The spot-welding planner: who welds which spots of a body, in which order, in which poses."""

from twin.welding.hull import Hull
from twin.welding.line import Settings, Spots, Welder, weld_time
from twin.welding.plan import Plan, plan_welds

__all__ = ["Hull", "Plan", "Settings", "Spots", "Welder", "plan_welds", "weld_time"]
