"""What happens and when: exact, at integer-microsecond ticks, and the same at any step size."""

__all__: list[str] = []
