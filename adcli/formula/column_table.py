"""`Columns`: results at many points by the names of columns, which a notebook shows as a table."""

from __future__ import annotations

from ..ops.operands import Array


class Columns(dict[str, Array]):
    """A dict of arrays of one shape, one for each column.

    >>> import numpy as np
    >>> Columns(f=np.arange(3.0))
    {'f': array([0., 1., 2.])}
    """

    def _repr_html_(self) -> str:
        from ..draw.html_table import columns_table

        return columns_table(self)
