"""The numbers of a planning page as plain values, each page in a fixed number of queries."""
