"""Rebuilds all assets, or the named ones: `python -m assets.author [NAME ...] [--out FOLDER]`."""

import argparse
import sys
from pathlib import Path

from assets.author.catalogue import NAMES, build

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Write the assets beside this folder, or under --out."""
    parser = argparse.ArgumentParser(prog="assets.author", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="assets; all without")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1])
    options = parser.parse_args(arguments)
    for name in options.names or NAMES:
        print(build(name, options.out).relative_to(options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
