"""Cells of tables as spreadsheets read them: nothing that they would calculate. Pure."""

FORMULA_STARTS = ("=", "+", "-", "@")
"""What makes a spreadsheet calculate a cell."""


def harmless(text: str) -> str:
    """A cell that no spreadsheet will calculate; `plain` takes the apostrophe away again."""
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "\t", "\r")) else text


def plain(text: str) -> str:
    """A cell as somebody meant it: without the apostrophe that keeps a spreadsheet from calculating."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
