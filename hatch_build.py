"""The build hook: has lark compile the grammar once, when a wheel or an editable install is made."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TablesHook(BuildHookInterface[Any]):
    """Writes `adcli/language/expression.tables`, which `adcli/language/tables.py` reads."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs the files."""
        if self.target_name == "sdist":
            return
        sys.path.insert(0, self.root)
        from adcli.language.tables import store

        store()
