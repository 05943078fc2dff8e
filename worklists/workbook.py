"""A workbook's cells, read in a process of its own: `python worklists/workbook.py MOST_ROWS < book > cells.json`.

The reader lays out the whole rectangle between a sheet's first and last cell before it says how large it is: a
workbook of a kilobyte can ask for half a terabyte and end the process. So that process is not the web server's.
Imports nothing of ours, so that it starts quickly.
"""

import json
import resource
import sys
from collections.abc import Iterable
from io import BytesIO

import python_calamine

MOST_MEMORY = 1024**3
MOST_SECONDS = 15
MOST_TEXT = 20_000_000  # characters of all cells together
UNREADABLE, TOO_LARGE = 3, 4


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = sheets(sys.stdin.buffer.read(), most_rows=int(sys.argv[1]))
    except (python_calamine.CalamineError, ValueError):
        return UNREADABLE
    except (MemoryError, OverflowError):
        return TOO_LARGE
    sys.stdout.buffer.write(json.dumps(found).encode())
    return 0


def sheets(content: bytes, *, most_rows: int) -> list[list[list[str]]]:
    """The rows of every sheet as text, below the headings one more than may be, so that too many are seen to be."""
    found, length = [], 0
    with python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            cells = sheet.to_python(skip_empty_area=False, nrows=most_rows + 2)
            rows = [[_text(cell) for cell in row] for row in cells]
            _fill_down(rows, sheet.merged_cell_ranges or ())
            length += sum(len(text) for row in rows for text in row)
            if length > MOST_TEXT:
                raise OverflowError
            found.append(rows)
    return found


def _fill_down(rows: list[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell that is merged over several rows says the same in each of them: a department beside all of its items."""
    for (top, left), (bottom, _right) in merged:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
