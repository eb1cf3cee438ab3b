"""Tasks on a Dask cluster: the connection to its scheduler, and a window of tasks in flight."""
