"""How large a run is, from the environment: `make bench ROWS=620000 DIVISIONS=/path`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Sizes:
    """`rows` of divisions are made up where no file is given; `exported` rows of a list are written to a workbook."""

    rows: int = 100_000
    divisions: Path | None = None
    exported: int = 100_000
    rounds: int = 5
    requests: int = 20

    @classmethod
    def asked(cls) -> Self:
        """As the environment says: ROWS, DIVISIONS, EXPORTED, ROUNDS (of each measurement), REQUESTS (in one)."""

        def number(name: str, usual: int) -> int:
            return max(1, int(os.environ.get(name) or usual))

        given = os.environ.get("DIVISIONS")
        return cls(
            rows=number("ROWS", cls.rows), divisions=Path(given).expanduser() if given else None,
            exported=number("EXPORTED", cls.exported), rounds=number("ROUNDS", cls.rounds),
            requests=number("REQUESTS", cls.requests),
        )  # fmt: skip
