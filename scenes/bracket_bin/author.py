"""Writes the bracket bin's layers: `python scenes/bracket_bin/author.py`.

The numbers are in authoring/plan.py, with where each comes from; the same text every time.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1])]  # twin, assets and scenes, whatever the working folder

from scenes.bracket_bin.authoring.shop import author  # noqa: E402

if __name__ == "__main__":
    for path in author(HERE):
        print(path)
