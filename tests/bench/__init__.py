"""Benchmarks with floors: `python -m tests.bench [NAME ...] [--json]`.

Each `bench_NAME.py` here is one benchmark: a function `measures()` that yields `Measure`s. Speeds
are in process CPU time, so that a busy machine disturbs them little; both sides of a comparison
run in the same process, in turns, and the best turn of each counts. Peers come with
`pip install -e '.[bench]'`.
"""
