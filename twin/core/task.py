"""Tasks of a vehicle: what it does where it has arrived, and how it hands its load over."""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.failure import begin_work
from twin.core.motion import move
from twin.core.road import (
    CHARGING,
    IDLE,
    LOADING,
    TO_CHARGER,
    TO_LOAD,
    TO_UNLOAD,
    UNLOADING,
    WAITING,
    head_for,
)
from twin.core.state import BLOCKED, SETUP, STARVED, WORKING, enter_state
from twin.core.steer import dock_path
from twin.core.transport import pick_up, set_down
from twin.core.world import NONE, World

__all__ = ["arrive", "draw_handling", "finish_task", "is_at_work", "show_task"]


@compilable_apart
def arrive(world: World, i: int) -> None:
    """Vehicle `i` begins what it came for."""
    place = world.place[i]
    if place.task == TO_LOAD:
        place.task = LOADING
        begin_work(world, i, world.place[place.job_from].handling_time)
        draw_handling(world, i, 0.0)
    elif place.task == TO_UNLOAD:
        place.task = UNLOADING
        begin_work(world, i, world.place[place.job_to].handling_time)
        draw_handling(world, i, 0.0)
    elif place.task == TO_CHARGER:
        place.task = CHARGING
        missing = (place.battery - place.charge) / place.battery
        begin_work(world, i, round(missing * place.charge_time))
    else:
        announce(world, place.fleet)


@compilable_apart
def finish_task(world: World, i: int) -> bool:
    """Loading, unloading or charging is done; returns whether it drives on at once."""
    place = world.place[i]
    if place.task == LOADING:
        pick_up(world, i)
        place.task = TO_UNLOAD
        head_for(world, i, world.place[place.job_to].waypoint)
        return True
    if place.task == UNLOADING:
        _become_idle(world, i)
        set_down(world, i)
    elif place.task == CHARGING:
        place.charge = place.battery
        world.place[place.charger].charging = NONE
        _become_idle(world, i)
    return False


@compilable_apart
def _become_idle(world: World, i: int) -> None:
    place = world.place[i]
    place.task = IDLE
    world.place[place.fleet].idle += 1
    show_task(world, i)
    announce(world, place.fleet)


@compilable_apart
def draw_handling(world: World, i: int, start: float) -> None:
    """Show the load of vehicle `i` on the way between dock and vehicle."""
    place = world.place[i]
    loading = place.task == LOADING
    dock = place.job_from if loading else place.job_to
    path = dock_path(world, i, dock) + (0 if loading else 1)
    move(world, place.job_part, path, start, world.place[dock].reach, place.work_ticks, 0.0)


@compilable_apart
def is_at_work(world: World, i: int) -> bool:
    """Whether vehicle `i` loads, unloads or charges."""
    task = world.place[i].task
    return task in (LOADING, UNLOADING, CHARGING)


@compilable_apart
def show_task(world: World, i: int) -> None:
    """Enter the state that the task and the drive of vehicle `i` are."""
    place = world.place[i]
    if place.down != 0:
        return
    state = WORKING
    if place.task == IDLE:
        state = STARVED
    elif place.drive == WAITING:
        state = BLOCKED
    elif place.task >= TO_CHARGER:
        state = SETUP
    enter_state(world, i, state)
