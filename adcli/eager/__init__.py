"""Numbers and arrays that remember: `Value` (reverse mode), `Dual` (forward mode), functions of functions, programs.

May import `errors`, `ops` and `graph`; `draw`, `language` and `backends` inside functions only.
"""
