"""What exists: the frozen, checked description that the engine is compiled from."""

from twin.plant.check import check, kind_of, rules_of_kind
from twin.plant.doubts import doubts
from twin.plant.planning import Task, plan_plant
from twin.plant.plant import Place, Plant, Pose, Product, Program, Robot, connect
from twin.plant.route import Interlock, Route

__all__ = [
    "Interlock",
    "Place",
    "Plant",
    "Pose",
    "Product",
    "Program",
    "Robot",
    "Route",
    "Task",
    "check",
    "connect",
    "doubts",
    "kind_of",
    "plan_plant",
    "rules_of_kind",
]
