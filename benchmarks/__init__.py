"""Ratios against a stated limit, all measured in one run: `make bench`. Nothing here is part of the portal."""
