"""What can be done in an assessment, one file per deed. Only these functions write."""
