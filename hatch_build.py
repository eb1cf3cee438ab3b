"""The build hook: compile the grammar once, when a wheel or an editable install is built."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TablesHook(BuildHookInterface[Any]):
    """Write `adcli/language/expression.tables`, which `adcli/language/tables.py` reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Store the tables before hatchling packs the files."""
        if self.target_name == "sdist":
            return
        sys.path.insert(0, self.root)
        from adcli.language.tables import store

        store()
