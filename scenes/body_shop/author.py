"""Writes the body shop's layers: `python scenes/body_shop/author.py`, the same text every time.

The numbers are in authoring/line.py, the weld plan in authoring/plan.py.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]  # twin, assets and scenes, whatever the working folder

from scenes.body_shop.authoring.shop import author  # noqa: E402

if __name__ == "__main__":
    for path in author(HERE):
        print(path)
