"""The ground that every kind of equipment stands on: time, events, chance, records, states."""

__all__: list[str] = []
# 1
# 2
