"""An instrument as a workbook: a cover sheet, then one sheet for each cluster.

The workbook says exactly what the YAML says, so both share the document of `clusters.writing`
and the checks of `clusters.library`. `layout` is where what stands.
"""

from clusters.sheets.drawing import draw
from clusters.sheets.reading import Reading, read_sheets

__all__ = ["Reading", "draw", "read_sheets"]
