"""What pages show of a document: made from its original in a limited process.

Nothing in here knows Django's models. `limited` starts the process and holds its limits,
`worker` is what runs inside it, `making` has one module per family of files.
"""
