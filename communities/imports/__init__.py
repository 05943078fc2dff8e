"""Places read in from files."""

from communities.imports.divisions import import_divisions
from communities.imports.places import TIANYUAN, TIANYUAN_DEPARTMENTS, load_departments, load_places

__all__ = ["TIANYUAN", "TIANYUAN_DEPARTMENTS", "import_divisions", "load_departments", "load_places"]
