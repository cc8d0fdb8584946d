"""Kinds of equipment, one file each: parameters, handlers, and the motion they cause.

A kind is a module with

    PARAMS                              its `Params` class
    COLUMNS                             the columns that it adds to a place's row
    load(row, params)                   write parameters into a row
    start(world, i)                     schedule what happens first
    on_timer(world, i, timer)           a timer of place i went off
    has_room(world, i, part) -> bool    may this part come in now? (up and not full it is)
    take(world, i, part, link)          it has come in
    blocked(world, i)                   the part that is offered can't leave now
    gave(world, i, part)                the part that was offered has left
    halt(world, i), resume(world, i)    go down, come back

A kind leaves out what it has nothing to say to: then there is room, and nothing else happens. All
places begin empty and starved. Handlers change rows of their own place and announce what became
true; they know neither each other nor the simulation. `twin.engine.dispatch` names every kind.
"""

__all__: list[str] = []
