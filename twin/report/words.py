"""Figures as planners say them."""

__all__ = ["percent", "span", "unit_of"]

UNITS = (("h", 3600.0), ("min", 60.0))


def span(seconds: float) -> str:
    """A length of time in the unit that suits it: '50.0 s', '12.5 min', '3.2 h'."""
    unit, size = unit_of(seconds)
    return f"{seconds / size:.1f} {unit}"


def unit_of(seconds: float) -> tuple[str, float]:
    """The unit that suits a length of time, and its size [s]."""
    return next((each for each in UNITS if seconds >= 2 * each[1]), ("s", 1.0))


def percent(share: float) -> str:
    """A share in percent: '7.5 %'; 'less than 0.1 %' rather than a nought that is not one."""
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{100 * share:.1f} %"
