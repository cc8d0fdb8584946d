"""Studies: runs of one plant with different chances, and what can be said about all of them."""

from twin.study.estimate import Estimate, estimate
from twin.study.replicate import replicate, run
from twin.study.replications import Replications

__all__ = ["Estimate", "Replications", "estimate", "replicate", "run"]
