"""Tests, mirroring the packages; `python -m tests.bench` runs the benchmarks."""
