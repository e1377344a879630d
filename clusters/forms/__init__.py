"""What may be entered about instruments; nothing is saved here."""
