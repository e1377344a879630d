"""What an uploaded file really is, decided from its content alone.

One module per family of files. Each reads the file as a stream, trusts none of its own
numbers, and refuses with a sentence that tells the person what to do next.
"""
