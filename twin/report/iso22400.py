"""Time elements and key figures of a work unit (a station) after ISO 22400-2.

The times nest, and each is a sum of the times of states:

    reference time
      off shift       not planned
      PBT  planned busy time
        ADOT  actual unit down time: could work, but starved, blocked, or waits for operator or part
        AUBT  actual unit busy time
          ADET  actual unit delay time: down, by a failure or by a command
          AUPT  actual unit processing time
            AUST  actual unit setup time
            APT   actual production time: at work on a part, bringing it in included

    availability           APT / PBT
    effectiveness          PRI x PQ / APT      PRI is the ideal cycle, PQ the produced quantity
    quality ratio          GQ / PQ             GQ is the good quantity, SQ the scrapped one
    OEE                    availability x effectiveness x quality ratio = PRI x GQ / PBT
    NEE                    AUPT / PBT x effectiveness x quality ratio
    utilisation efficiency APT / AUBT
    allocation efficiency  AUBT / PBT
    technical efficiency   APT / (APT + ADET)
    setup ratio            AUST / AUPT
    scrap ratio            SQ / PQ
    throughput rate        PQ / reference time
    MTBF, MTTR             up time and down time per failure

The OEE is the one of twin.report.oee. The shop floor takes it apart in another way: its
availability loses only down and setup times and its performance all waits, while the standard's
availability loses all time without production and its effectiveness nothing but slow work. The
products are equal. Formulas are from secondary sources on ISO 22400-2:2014, amended in 2017.
"""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from twin.core.state import DOWN, OFF_SHIFT, SETUP, WORKING
from twin.report.oee import Oee
from twin.report.totals import Totals
from twin.units import to_seconds

__all__ = ["Iso22400", "TimeElements", "elements_of", "iso_of"]

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeElements:
    """The times of a work unit in ticks, so that they add up exactly."""

    reference: int
    pbt: int
    adot: int
    aubt: int
    adet: int
    aupt: int
    aust: int
    apt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Iso22400:
    """The key figures of one station; a ratio whose whole is 0 is 0, the quality ratio is 1."""

    elements: TimeElements
    oee: Oee
    failures: int

    @property
    def availability(self) -> float:
        """Share of the planned time in which it produced."""
        return _ratio(self.elements.apt, self.elements.pbt)

    @property
    def effectiveness(self) -> float:
        """Ideal time of its parts over the time that they took."""
        return _ratio(self.oee.ideal_cycle * self.oee.passed, to_seconds(self.elements.apt))

    @property
    def quality_ratio(self) -> float:
        """Share of its parts that are good."""
        return self.oee.quality

    @property
    def nee(self) -> float:
        """Net equipment effectiveness: as the OEE, but setup is no loss."""
        used = _ratio(self.elements.aupt, self.elements.pbt)
        return used * self.effectiveness * self.quality_ratio

    @property
    def utilisation_efficiency(self) -> float:
        """Share of the busy time in which it produced."""
        return _ratio(self.elements.apt, self.elements.aubt)

    @property
    def allocation_efficiency(self) -> float:
        """Share of the planned time in which it was busy, delays included."""
        return _ratio(self.elements.aubt, self.elements.pbt)

    @property
    def technical_efficiency(self) -> float:
        """Share of production in production and delay."""
        return _ratio(self.elements.apt, self.elements.apt + self.elements.adet)

    @property
    def setup_ratio(self) -> float:
        """Share of the processing time that is setup."""
        return _ratio(self.elements.aust, self.elements.aupt)

    @property
    def scrap_ratio(self) -> float:
        """Share of its parts that are scrap."""
        return _ratio(self.oee.passed - self.oee.good, self.oee.passed)

    @property
    def throughput_rate(self) -> float:
        """Parts per hour of the run."""
        return _ratio(self.oee.passed * SECONDS_PER_HOUR, to_seconds(self.elements.reference))

    @property
    def mtbf(self) -> float | None:
        """Planned time up per failure [s]; None before the first."""
        up = self.elements.pbt - self.elements.adet
        return to_seconds(up) / self.failures if self.failures else None

    @property
    def mtbf_operating(self) -> float | None:
        """Processing time per failure [s], for failure clocks that run on operation."""
        return to_seconds(self.elements.aupt) / self.failures if self.failures else None

    @property
    def mttr(self) -> float | None:
        """Down time per failure [s]; None before the first. Stops by command count as down."""
        return to_seconds(self.elements.adet) / self.failures if self.failures else None


def elements_of(times: NDArray[Any], elapsed: int) -> TimeElements:
    """Time elements from the times of one place in its states [ticks], shape [state_count]."""
    pbt = elapsed - int(times[OFF_SHIFT])
    apt, aust, adet = (int(times[state]) for state in (WORKING, SETUP, DOWN))
    return TimeElements(
        reference=elapsed,
        pbt=pbt,
        adot=pbt - apt - aust - adet,
        aubt=apt + aust + adet,
        adet=adet,
        aupt=apt + aust,
        aust=aust,
        apt=apt,
    )


def iso_of(totals: Totals, row: int, oee: Oee) -> Iso22400:
    """The key figures of the station of a row."""
    return Iso22400(
        elements=elements_of(totals.times[row], totals.elapsed),
        oee=oee,
        failures=int(totals.failures[row]),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
