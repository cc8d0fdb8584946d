"""Exact answers from theory, and models written apart from the engine, to hold it against.

Nothing here knows `twin`. Times are in whatever unit the rates are in, unless a name says ticks.

| module | what it answers |
|---|---|
| `markov` | stationary chains from a function that says what can happen in a state |
| `network`, `handover` | machines and stores as chains: phases, failures, crews, blocking |
| `lines` | those networks put together: tandem, loop, merge, split, assembly, parallel |
| `queues` | M/M/1, M/M/c, M/M/c/K, M/G/1, M/D/1, priorities, machine repair |
| `closed` | closed loops with room for all: mean value analysis, convolution |
| `failing` | Buzacott's lines, two fluid machines with a buffer, the longer of two works |
| `paced`, `setups` | paced lines with stops; lots, rework, conveyors, transfer lines |
| `recursions` | sample paths without events, in ticks |
| `simpy_models` | sample paths in SimPy, a small model of every kind, in ticks |
| `streams` | the engine's random draws, written again in plain Python |
"""
