"""Setups between lots, rework, transfers and conveyors: cycles that are sums."""

from collections.abc import Mapping, Sequence

__all__ = ["conveyor", "lots", "rework", "transfer_line"]


def lots(
    sequence: Sequence[tuple[str, int]],
    work: Mapping[str, float],
    setup: Mapping[tuple[str, str], float],
) -> float:
    """Parts per time of a machine that works on lots in a sequence, for ever.

    Args:
        sequence: product and size of each lot, repeated.
        work: mean time per part of each product.
        setup: time from a product to another; 0 where missing.
    """
    before = [sequence[-1], *sequence[:-1]]
    changes = sum(setup.get((a, b), 0.0) for (a, _), (b, _) in zip(before, sequence, strict=True))
    total = sum(work[product] * size for product, size in sequence)
    return sum(size for _, size in sequence) / (total + changes)


def conveyor(length: float, speed: float, spacing: float) -> tuple[float, float, int]:
    """Transit time, largest rate, and the parts that an accumulating conveyor holds."""
    return length / speed, speed / spacing, int(length / spacing + 1e-9)


def transfer_line(works: Sequence[float], transfer: float) -> float:
    """Parts per time where all move together once all are done: constant times."""
    return 1 / (max(works) + transfer)


def rework(defects: float, limit: int | None = None) -> tuple[float, float]:
    """Visits of a part to a station with so many defects, and the share that ends as scrap.

    A defective part comes back; with a limit, only so often, and is scrap if it is defective then.
    """
    if limit is None:
        return 1 / (1 - defects), 0.0
    return (1 - defects ** (limit + 1)) / (1 - defects), defects ** (limit + 1)
