"""Many points: sweeps and tables in, rows out, in blocks, so that memory is flat whatever the number of rows.

`source.py` gives bytes, one file a format makes blocks of them and prints them; `sweep.py` makes blocks of points.
"""

from __future__ import annotations
