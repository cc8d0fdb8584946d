"""Figures as planners say them."""

__all__ = ["percent", "span"]


def span(seconds: float) -> str:
    """A length of time in the unit that suits it: '50.0 s', '12.5 min', '3.2 h'."""
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def percent(share: float) -> str:
    """A share in percent: '7.5 %'; 'less than 0.1 %' rather than a nought that is not one."""
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{100 * share:.1f} %"
