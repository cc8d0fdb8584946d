"""Writes the plant's layers: `python scenes/whole_plant/author.py`, the same text every time.

The numbers are in authoring/numbers.py, the kinds of stations in authoring/kit.py.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]  # twin, assets and scenes, whatever the working folder

from scenes.whole_plant.authoring.plant import author  # noqa: E402

if __name__ == "__main__":
    for path in author(HERE):
        print(path)
