"""Ticks and seconds: the engine counts integer microseconds, people write '8h' or '10min'."""

import math
import re

from twin.errors import CommandError

__all__ = ["TICKS_PER_SECOND", "parse_duration", "to_seconds", "to_ticks"]

TICKS_PER_SECOND = 1_000_000
LONGEST_SECONDS = 1e11  # 3,000 years; far inside int64 ticks

SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
QUANTITY = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|m|h|d)")


def to_ticks(seconds: float) -> int:
    """Round seconds to the nearest tick [us], half to even."""
    return round(seconds * TICKS_PER_SECOND)


def to_seconds(ticks: int) -> float:
    """Seconds of a number of ticks [us]."""
    return ticks / TICKS_PER_SECOND


def parse_duration(text: str) -> int:
    """Read a duration such as '8h', '1h30min', '90 s' or '45' (seconds) as ticks [us].

    Raises:
        CommandError: the text is not a duration, or not above zero and below 3,000 years.
    """
    stripped = text.strip()
    if re.fullmatch(rf"(?:{QUANTITY.pattern}\s*)+", stripped):
        seconds = sum(float(m.group(1)) * SECONDS[m.group(2)] for m in QUANTITY.finditer(stripped))
    else:
        seconds = _plain_seconds(stripped)
    if not 0 < seconds <= LONGEST_SECONDS or not math.isfinite(seconds):
        raise CommandError(f"a duration must be above 0 and below 3,000 years, got {text!r}")
    return to_ticks(seconds)


def _plain_seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CommandError(
            f"{text!r} is not a duration; write for example 8h, 90min, 1h30min or 45s"
        ) from None
