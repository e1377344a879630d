"""The sheet of reports: a line a unit, columns for each criterion, out filled and back."""
