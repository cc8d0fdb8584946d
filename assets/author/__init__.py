"""Builds every asset of the factory from code: own geometry, written as USD packages."""

__all__: list[str] = []
