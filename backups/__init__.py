"""Copies of the database and the documents that fit each other, and bringing them back.

A repository is any Django storage: a folder, or what `storages` offers. It holds

    blobs/<key set>/<ab>/<sha256>[.age]         each file once, however many runs name it
    runs/<20261128T020000Z>/rows.jsonl.gz[.age]   the database, as `rows.py` writes it
    runs/<…>/files.jsonl.gz                       which path had which content
    runs/<…>/manifest.json                        counts, checksums and what wrote them; written last

A run without a manifest was cut off; nobody restores from it, and the next retention removes it.
"""
