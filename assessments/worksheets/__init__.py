"""The city's working sheet: out as a workbook, and back with what people changed in it."""
