"""An exact, fast, open digital twin of car-factory lines, described in OpenUSD.

Importing this package is cheap: USD, numba and the web server load only when they are used.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
