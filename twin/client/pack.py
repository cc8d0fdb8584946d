"""A run's scene pack: what stands where, and the paths and programs that segments name."""

import asyncio
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import numpy as np

from twin.client.errors import ClientError
from twin.engine.layout import Layout
from twin.motion import Arms, Joint, Paths, Programs
from twin.motion.arm import Arm
from twin.motion.rows import first_rows

__all__ = ["Pack", "load_pack"]

WITHIN = 60.0  # s to load a file
SCENE, GEOMETRY = "scene.json", "prototypes.glb"
UNLIMITED = (-1e9, 1e9)  # a viewer's chain says no limits that matter here


@dataclass(frozen=True, eq=False)
class Pack:
    """The tables of `scene.json`, and what the engine's evaluation needs of them."""

    digest: str
    tables: dict[str, Any]

    @property
    def name(self) -> str:
        """Of the scene."""
        return str(self.tables["name"])

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Prim paths of all places, in the order of their rows."""
        return tuple(str(place["path"]) for place in self.tables["places"])

    @cached_property
    def robots(self) -> tuple[str, ...]:
        """Prim paths of all robots, in the order of their rows."""
        return tuple(str(robot["path"]) for robot in self.tables["robots"])

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states of a place, by their numbers."""
        return tuple(self.tables["states"])

    @cached_property
    def looks(self) -> tuple[tuple[str, str], ...]:
        """Product and form of each look."""
        return tuple((str(each["product"]), str(each["form"])) for each in self.tables["looks"])

    @cached_property
    def layout(self) -> Layout:
        """What never moves but tells where moving things are.

        Link frames are those of the pack's instances. Which path belongs to which place is not in
        a pack: `place_path` and `link_path` are empty.
        """
        robots = self.tables["robots"]
        products = list(dict.fromkeys(product for product, _ in self.looks))
        chains = {json.dumps(each["chain"]): each["chain"] for each in robots}
        keys = list(chains)
        arms = [_arm(chain) for chain in chains.values()]
        longest = max((arm.joint_count for arm in arms), default=0)
        firsts = {product: row for row, (product, _) in reversed(list(enumerate(self.looks)))}
        return Layout(
            paths=_paths(self.tables["paths"]),
            place_path=np.empty(0, np.int32),
            link_path=np.empty(0, np.int32),
            programs=_programs(self.tables["programs"], longest),
            first_program=np.arange(len(robots), dtype=np.int32) * len(products),
            arms=Arms.build(arms) if arms else None,
            arm_row=np.array([keys.index(json.dumps(each["chain"])) for each in robots], np.int64),
            bases=np.array([each["base"] for each in robots], np.float64).reshape(-1, 4, 4),
            first_look=np.array([firsts[product] for product in products], np.int32),
            looks=self.looks,
        )


def _paths(table: dict[str, Any]) -> Paths:
    knots = np.array(table["knots"], np.float64).reshape(-1, 8)
    return Paths(
        first=np.array(table["first"], np.int64),
        count=np.array(table["count"], np.int64),
        length=np.array(table["length"], np.float64),
        s=np.ascontiguousarray(knots[:, 0]),
        xyz=np.ascontiguousarray(knots[:, 1:4]),
        wxyz=np.ascontiguousarray(knots[:, 4:]),
    )


def _programs(table: dict[str, Any], joint_count: int) -> Programs:
    """Programs, whose moves are rows of start, duration, ramp, jerk, from J, to J."""
    moves = np.array(table["moves"], np.float64).reshape(-1, 4 + 2 * joint_count)
    cubics = {int(row): each for row, each in table.get("cubics", {}).items()}
    knots = [np.array(cubics[row]["knots"], np.float64) for row in sorted(cubics)]
    pieces = [
        np.array(cubics[row]["pieces"], np.float64).reshape(-1, 4, joint_count)
        for row in sorted(cubics)
    ]
    piece_count = np.zeros(len(moves), np.int64)
    for row in cubics:
        piece_count[row] = len(cubics[row]["knots"])
    idle = np.zeros(len(moves), np.bool_)
    idle[table.get("idle", [])] = True
    return Programs(
        first=np.array(table["first"], np.int64),
        count=np.array(table["count"], np.int64),
        duration=np.array(table["duration"], np.float64),
        move_start=np.ascontiguousarray(moves[:, 0]),
        move_duration=np.ascontiguousarray(moves[:, 1]),
        ramp=np.ascontiguousarray(moves[:, 2]),
        jerk=np.ascontiguousarray(moves[:, 3]),
        joints_from=moves[:, 4 : 4 + joint_count],
        joints_to=moves[:, 4 + joint_count :],
        first_piece=first_rows(piece_count),
        piece_count=piece_count,
        knot=np.concatenate([np.empty(0), *knots]),
        cubic=np.concatenate([np.empty((0, 4, joint_count)), *pieces]),
        idle=idle,
    )


def _arm(chain: list[dict[str, Any]]) -> Arm:
    low, high = UNLIMITED
    return Arm.build(
        [
            Joint(
                origin=joint["origin"], wxyz=joint["wxyz"], axis=joint["axis"],
                prismatic=bool(joint.get("slides")), lower=low, upper=high,
                speed=1.0, acceleration=1.0, jerk=1.0,
            )
            for joint in chain
        ]
    )  # fmt: skip


async def load_pack(url: str, digest: str, token: str = "") -> Pack:
    """Fetch the tables of a pack.

    Args:
        url: of the server, such as http://localhost:8000.
        digest: of the pack, as `hello` names it.
        token: who asks, where the server wants to know.

    Raises:
        ClientError: the server does not give it.
    """
    text = await asyncio.to_thread(fetch, f"{url}/pack/{digest}/{SCENE}", token)
    return Pack(digest, json.loads(text))


def fetch(address: str, token: str = "") -> bytes:
    """One file of the server.

    Raises:
        ClientError: the server does not give it.
    """
    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=WITHIN) as answer:  # noqa: S310
            return bytes(answer.read())
    except HTTPError as error:
        code = "unauthenticated" if error.code == 401 else "not_found"
        raise ClientError(code, f"{address}: the server answered {error.code}") from None
    except (URLError, OSError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise ClientError("unreachable", f"{address} can't be loaded: {reason}") from None
