"""Exact answers from theory, and models written apart from the engine, to hold it against.

Nothing here knows `twin`. Times are in whatever unit the rates are in, unless a name says ticks.
"""
