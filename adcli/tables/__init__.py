"""Tables: read rows in blocks and write rows with results, so that memory is flat whatever the number of rows.

`formats.py` lists the formats. Each has a file that reads its bytes (`source.py`) as blocks (`block.py`) of columns
(`column.py`), and writes blocks with results (`writer.py`). `sweep.py` makes blocks of points without a table.
"""

from __future__ import annotations
