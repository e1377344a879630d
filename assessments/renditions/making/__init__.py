"""One module per family of files; each reads an original and writes what pages may show.

Imported only inside the limited process: the libraries here open what strangers made.
"""
