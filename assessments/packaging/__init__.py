"""The package: a year's documents as one ZIP in the ministry's order, made while it is sent.

`names` makes file names, `contents` chooses and places what goes in, `index` tells what
became of it, `stream` writes. None of them holds more than one piece of a file.
"""
