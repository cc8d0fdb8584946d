"""The live twin on the web: pacing, sessions, frames, and the built viewer."""

__all__: list[str] = []
