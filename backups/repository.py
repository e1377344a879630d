"""Where backups lie: runs, the files they share, and which of them are kept."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import pyrage

from backups.folder import Place

FORMAT = 1
CHUNK = 1024 * 1024
RUNS, BLOBS, MANIFEST = "runs", "blobs", "manifest.json"
ROWS, FILES = "rows.jsonl.gz", "files.jsonl.gz"
NAME = re.compile(r"\d{8}T\d{6}Z")
PLAIN = "plain"  # the key set of what is not encrypted


class BackupError(Exception):
    """What is wrong with a backup, in a sentence for whoever runs the site."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a run: its path, the SHA-256 of its content, bytes, and seconds since 1970."""

    path: str
    sha256: str
    size: int
    modified: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one run holds. Counts are rows by table; hashes are those of the plain content."""

    name: str
    at: str
    rows: dict[str, int]
    rows_sha256: str
    files: int
    files_sha256: str
    bytes: int
    migrations: list[tuple[str, str]]
    key_set: str = PLAIN
    missing: list[str] = field(default_factory=list)  # paths that the database names in vain
    heads: list[str] = field(default_factory=list)  # of the trails, as verify_trail prints them
    format: int = FORMAT

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def run_name(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


class Repository:
    """One place with its runs. `recipients` are age or SSH public keys; none means plain text."""

    def __init__(
        self, place: Place, *, recipients: Iterable[str] = (), identities: Iterable[str] = ()
    ) -> None:
        self.place = place
        names = sorted(one.strip() for one in recipients if one.strip())
        self.recipients = [_recipient(name) for name in names]
        self.identities = [_identity(text) for text in identities]
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
        self.key_set = digest[:8] if names else PLAIN

    # --- Runs -----------------------------------------------------------------------------------

    def manifests(self) -> list[Manifest]:
        """Every complete run, the oldest first."""
        found = (self._manifest(name) for name in self._run_names())
        return [manifest for manifest in found if manifest is not None]

    def manifest(self, name: str = "") -> Manifest:
        """The run of that name, or the newest one. Raises BackupError where there is none."""
        manifests = self.manifests()
        if not manifests:
            raise BackupError("Tidak ada cadangan yang lengkap di tempat ini.")
        if not name:
            return manifests[-1]
        for manifest in manifests:
            if manifest.name == name:
                return manifest
        known = ", ".join(manifest.name for manifest in manifests)
        raise BackupError(f"Tidak ada cadangan lengkap bernama {name}. Yang ada: {known}.")

    def _run_names(self) -> list[str]:
        return sorted(name for name in self._listed(RUNS)[0] if NAME.fullmatch(name))

    def _manifest(self, name: str) -> Manifest | None:
        try:
            with self.place.open(f"{RUNS}/{name}/{MANIFEST}") as file:
                values = json.load(file)
        except (FileNotFoundError, ValueError):
            return None  # cut off while it was written
        if values.get("format") != FORMAT:
            raise BackupError(
                f"Cadangan {name} ditulis oleh KLA versi lain (format {values.get('format')}, "
                f"di sini {FORMAT})."
            )
        values["migrations"] = [(app, migration) for app, migration in values["migrations"]]
        return Manifest(**values)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and with it make the run complete."""
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
        self.place.replace(f"{RUNS}/{manifest.name}/{MANIFEST}", io.BytesIO(text.encode()))

    # --- Content --------------------------------------------------------------------------------

    def write_lines(
        self, name: str, lines: Iterable[str], *, encrypted: bool, file: str
    ) -> tuple[str, int]:
        """Store lines as one compressed file of the run; its plain SHA-256 and their number."""
        digest, count = hashlib.sha256(), 0
        with TemporaryFile() as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as target:
                for line in lines:
                    text = f"{line}\n".encode()
                    digest.update(text)
                    target.write(text)
                    count += 1
            packed.seek(0)
            path = f"{RUNS}/{name}/{file}"
            if encrypted:
                self._store(path, packed)
            else:
                self.place.replace(path, packed)
        return digest.hexdigest(), count

    @contextmanager
    def lines(self, manifest: Manifest, file: str) -> Iterator[Iterator[str]]:
        """The lines of a run's file. Raises BackupError where they are not as they were written."""
        expected = manifest.rows_sha256 if file == ROWS else manifest.files_sha256
        path = f"{RUNS}/{manifest.name}/{file}"
        with self._opened(path, manifest.key_set if file == ROWS else PLAIN) as packed:
            digest = hashlib.sha256()
            for line in _unpacked(packed, path):
                digest.update(line)
            if digest.hexdigest() != expected:
                raise BackupError(
                    f"{path} dalam cadangan berubah: kode keaslian SHA-256 tidak cocok."
                )
            yield (line.decode().rstrip("\n") for line in _unpacked(packed, path))

    def files_of(self, manifest: Manifest) -> Iterator[StoredFile]:
        with self.lines(manifest, FILES) as lines:
            for line in lines:
                yield StoredFile(**json.loads(line))

    def store_blob(self, content: IO[bytes]) -> tuple[str, int]:
        """Keep a file's content; its SHA-256 and its size in bytes."""
        with TemporaryFile() as copy:
            digest, size = hashlib.sha256(), 0
            while piece := content.read(CHUNK):
                digest.update(piece)
                copy.write(piece)
                size += len(piece)
            copy.seek(0)
            self._store(self._blob_path(digest.hexdigest(), self.key_set), copy)
        return digest.hexdigest(), size

    @contextmanager
    def blob(self, sha256: str, key_set: str) -> Iterator[IO[bytes]]:
        """The plain content of a file of that hash. Raises BackupError where it is not sound."""
        with self._opened(self._blob_path(sha256, key_set), key_set) as content:
            digest = hashlib.sha256()
            while piece := content.read(CHUNK):
                digest.update(piece)
            if digest.hexdigest() != sha256:
                raise BackupError(f"Isi berkas {sha256} dalam cadangan berubah atau rusak.")
            content.seek(0)
            yield content

    @staticmethod
    def _blob_path(sha256: str, key_set: str) -> str:
        return f"{BLOBS}/{key_set}/{sha256[:2]}/{sha256}"

    def _store(self, path: str, content: IO[bytes]) -> None:
        if not self.recipients:
            self.place.replace(path, content)
            return
        with TemporaryFile() as sealed:
            pyrage.encrypt_io(content, sealed, self.recipients)
            sealed.seek(0)
            self.place.replace(f"{path}.age", sealed)

    @contextmanager
    def _opened(self, path: str, key_set: str) -> Iterator[IO[bytes]]:
        is_sealed = key_set != PLAIN
        if is_sealed and not self.identities:
            raise BackupError("Cadangan ini terenkripsi: berikan kuncinya dengan --identity.")
        try:
            source = self.place.open(f"{path}.age" if is_sealed else path, "rb")
        except FileNotFoundError:
            raise BackupError(f"Berkas {path} hilang dari cadangan.") from None
        with source, TemporaryFile() as plain:
            content: Any = source.file
            if not is_sealed:
                yield content
                return
            try:
                pyrage.decrypt_io(content, plain, self.identities)
            except pyrage.DecryptError as error:
                raise BackupError(
                    f"{path} tidak dapat dibuka dengan kunci ini, atau rusak: {error}"
                ) from error
            plain.seek(0)
            yield plain

    # --- Retention ------------------------------------------------------------------------------

    def remove_all_but(self, kept: Iterable[str]) -> list[str]:
        """Remove every run that is not named, cut-off ones too, and whatever no run needs."""
        keeping = frozenset(kept)
        needed = {
            self._blob_path(stored.sha256, manifest.key_set) + _suffix(manifest.key_set)
            for manifest in self.manifests()
            if manifest.name in keeping
            for stored in self.files_of(manifest)
        }
        removed = [name for name in self._run_names() if name not in keeping]
        for name in removed:
            # The manifest goes first: a run that is half gone is no run.
            self.place.delete(f"{RUNS}/{name}/{MANIFEST}")
            for file in self._listed(f"{RUNS}/{name}")[1]:
                self.place.delete(f"{RUNS}/{name}/{file}")
            self.place.delete(f"{RUNS}/{name}")
        for path in list(self._blobs()):
            if path not in needed:
                self.place.delete(path)
        self.place.forget_parts()
        return removed

    def _blobs(self) -> Iterator[str]:
        """Every file below `blobs/`, those of runs that were cut off too."""
        for key_set in self._listed(BLOBS)[0]:
            for shard in self._listed(f"{BLOBS}/{key_set}")[0]:
                folder = f"{BLOBS}/{key_set}/{shard}"
                yield from (f"{folder}/{name}" for name in self._listed(folder)[1])

    def _listed(self, path: str) -> tuple[list[str], list[str]]:
        try:
            return self.place.listdir(path)
        except FileNotFoundError:
            return [], []


def _suffix(key_set: str) -> str:
    return "" if key_set == PLAIN else ".age"


def names_to_keep(
    manifests: Iterable[Manifest], *, daily: int, weekly: int, monthly: int
) -> list[str]:
    """The newest run of each of the last days, weeks (ISO) and months that have one."""
    newest_first = sorted(manifests, key=lambda manifest: manifest.at, reverse=True)
    kept: set[str] = set()
    for wanted, period in (
        (daily, lambda at: at.date()),
        (weekly, lambda at: at.isocalendar()[:2]),
        (monthly, lambda at: (at.year, at.month)),
    ):
        seen: dict[Any, str] = {}
        for manifest in newest_first:
            seen.setdefault(period(manifest.taken_at), manifest.name)
        kept.update(list(seen.values())[:wanted])
    return sorted(kept)


def _unpacked(packed: IO[bytes], path: str) -> Iterator[bytes]:
    packed.seek(0)
    try:
        with gzip.GzipFile(fileobj=packed, mode="rb") as source:
            yield from source
    except (OSError, EOFError, zlib.error) as error:
        raise BackupError(f"{path} dalam cadangan rusak: {error}") from error


def _recipient(text: str) -> Any:
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError(
            f"“{text}” bukan kunci publik age (age1…) atau SSH (ssh-ed25519 …)."
        ) from error


def _identity(text: str) -> Any:
    """A secret key of age, or a file of OpenSSH."""
    try:
        if "OPENSSH" in text:
            return pyrage.ssh.Identity.from_buffer(text.encode())
        lines = (line.strip() for line in text.splitlines())
        return pyrage.x25519.Identity.from_str(
            next(line for line in lines if line and not line.startswith("#"))
        )
    except (pyrage.IdentityError, StopIteration) as error:
        raise BackupError("Berkas kunci bukan kunci rahasia age atau OpenSSH.") from error
