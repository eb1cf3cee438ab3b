"""`Columns`: results at many points by the names of columns, which a notebook shows as a table."""

from __future__ import annotations

from ..ops.operands import Array


class Columns(dict[str, Array]):
    """A dict of arrays of one shape, one for each column.

    >>> import numpy as np
    >>> Columns(f=np.arange(3.0))
    {'f': array([0., 1., 2.])}
    """

    def _repr_html_(self) -> str | None:
        """Return the rows. What a user has added may have another shape. Then it is shown as text."""
        import numpy as np

        from ..draw.html_table import columns_table

        columns = {str(name): np.asarray(column) for name, column in self.items()}
        return columns_table(columns) if len({column.shape for column in columns.values()}) == 1 else None
