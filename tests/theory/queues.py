"""Open queues: mean waits and stocks in closed form (Kleinrock, "Queueing Systems" 1, 1975).

Rates are per time; `service` is a mean time.
"""

from collections.abc import Sequence
from math import factorial
from typing import NamedTuple

__all__ = ["Queue", "erlang_c", "machine_repair", "md1", "mg1", "mm1", "mmc", "mmck", "priorities"]


class Queue(NamedTuple):
    """Means of a stationary queue."""

    waiting: float  # parts that wait
    present: float  # parts that wait or are served
    wait: float  # time before service
    stay: float  # time until service is done
    throughput: float


def erlang_c(servers: int, load: float) -> float:
    """The probability that an arrival of M/M/c must wait; load = rate * service < servers."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**n / factorial(n) for n in range(servers)) + last)


def mmc(rate: float, service: float, servers: int) -> Queue:
    """Poisson arrivals, exponential service, c servers, one line (Erlang 1917)."""
    load = rate * service
    wait = erlang_c(servers, load) * service / (servers - load)
    return Queue(rate * wait, rate * (wait + service), wait, wait + service, rate)


def mm1(rate: float, service: float) -> Queue:
    """L = rho / (1 - rho), W = 1 / (mu - lambda)."""
    return mmc(rate, service, 1)


def mmck(rate: float, service: float, servers: int, room: int) -> Queue:
    """M/M/c with room for so many in all, served ones too; others are lost."""
    load = rate * service
    shares = [1.0]
    for n in range(1, room + 1):
        shares.append(shares[-1] * load / min(n, servers))
    total = sum(shares)
    waiting = sum(max(0, n - servers) * share for n, share in enumerate(shares)) / total
    present = sum(n * share for n, share in enumerate(shares)) / total
    accepted = rate * (1 - shares[-1] / total)
    return Queue(waiting, present, waiting / accepted, present / accepted, accepted)


def mg1(rate: float, service: float, variance: float) -> Queue:
    """Poisson arrivals, any service time: Pollaczek 1930 and Khinchine 1932."""
    wait = rate * (variance + service**2) / (2 * (1 - rate * service))
    return Queue(rate * wait, rate * (wait + service), wait, wait + service, rate)


def md1(rate: float, service: float) -> Queue:
    """Poisson arrivals, constant service."""
    return mg1(rate, service, 0.0)


def priorities(rates: Sequence[float], services: Sequence[float]) -> list[float]:
    """Mean wait of each class, highest priority first: M/M/1, work is not interrupted.

    Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954).
    """
    residual = sum(rate * service**2 for rate, service in zip(rates, services, strict=True))
    waits, above = [], 0.0
    for rate, service in zip(rates, services, strict=True):
        upto = above + rate * service
        waits.append(residual / ((1 - above) * (1 - upto)))
        above = upto
    return waits


def machine_repair(machines: int, crews: int, life: float, repair: float) -> Queue:
    """M/M/c//N: machines that fail, and crews that repair one machine each.

    `waiting` machines wait for a crew, `present` ones are down; `throughput` is repairs per time.
    A machine is up for 1 - present / machines. Lives and repairs are exponential (Feller 1950,
    chapter 17.7).
    """
    shares = [1.0]
    for n in range(1, machines + 1):
        shares.append(shares[-1] * (machines - n + 1) / life * repair / min(n, crews))
    total = sum(shares)
    waiting = sum(max(0, n - crews) * share for n, share in enumerate(shares)) / total
    down = sum(n * share for n, share in enumerate(shares)) / total
    repairs = (machines - down) / life
    return Queue(waiting, down, waiting / repairs, down / repairs, repairs)
