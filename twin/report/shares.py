"""Shares that sum to exactly one, however they are rounded."""

from collections.abc import Sequence

__all__ = ["MILLION", "apportion", "shares_of"]

MILLION = 1_000_000


def apportion(amounts: Sequence[int], total: int) -> list[int]:
    """Round the shares of amounts in a total of units so that they sum to the total.

    The largest remainders get the units that rounding down leaves over; of equal ones the first.
    Amounts are >= 0 with a sum > 0.
    """
    whole = sum(amounts)
    units = [amount * total // whole for amount in amounts]
    remainders = [amount * total % whole for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda row: -remainders[row])
    for row in by_remainder[: total - sum(units)]:
        units[row] += 1
    return units


def shares_of(amounts: Sequence[int]) -> list[float]:
    """Shares as decimals of six places; as decimals they sum to exactly 1."""
    return [units / MILLION for units in apportion(amounts, MILLION)]
