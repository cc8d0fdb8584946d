"""Lines of the basic kinds, accumulating and not, with failures on both clocks."""

from tests.engine.lines import exponential, little_shop, serial_line
from twin.plant import Plant


def accumulating_shop() -> Plant:
    return little_shop()


def stopping_shop() -> Plant:
    return little_shop(accumulating=False)


def calendar_clock_shop() -> Plant:
    return little_shop(failure_clock="calendar")


def exponential_line() -> Plant:
    return serial_line([exponential(mtbf=9.0, mttr=2.0) for _ in range(4)], [2, 0, 1])


SHOPS = [accumulating_shop, stopping_shop, calendar_clock_shop, exponential_line]
