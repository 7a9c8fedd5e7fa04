"""The per-user cache of expensive results, found by what they were made from.

An entry is a folder `<kind>/<first 32 hexadecimal digits of SHA-256(key)>`, where the key is a table of strings: the
hashes, versions and flags that decide the result. It is built in a temporary sibling and renamed into place, so an
entry is there whole or not at all, whenever its builder is killed. `manifest.json` in it lists each file with size
and SHA-256; every hash is checked before an entry is used, and a damaged entry is made again.

The folder is private (mode 0700): compiled machine code is loaded from it, and whoever can write there can run code
as its owner.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anomi_core.errors import InternalError, UsageError
from anomi_prover.files import FileUnreadableError, atomic_write, reason_of, sha256_file
from anomi_prover.progress import NoProgress, Progress

__all__ = ["MANIFEST_NAME", "Cache", "CacheBuildError", "CacheEntry", "CacheUnusableError"]

MANIFEST_NAME: Final = "manifest.json"
"""The file of an entry that lists the others; a builder must not write one of this name."""
MANIFEST_FORMAT: Final = 1
MANIFEST_BYTES_MAX: Final = 64 << 20
KIND_PATTERN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DIGEST_PATTERN: Final = re.compile(r"[0-9a-f]{32}")

# (path, mtime_ns, ctime_ns, size, inode) of files whose hash this process has already computed. A file that
# changes gets another ctime, so the answer is stale only if a clock is turned back.
_known_hashes: dict[tuple[str, int, int, int, int], str] = {}


class CacheUnusableError(UsageError):
    """The cache folder cannot be used: not writable, not ours, or open to other users."""


class CacheBuildError(InternalError):
    """A builder broke the cache's rules."""


@dataclass(frozen=True)
class CacheEntry:
    """One entry, as a listing shows it."""

    kind: str
    digest: str
    path: Path
    size_bytes: int
    key: Mapping[str, str] | None
    """None when the manifest cannot be read."""


class Cache:
    """A content-addressed folder of results; safe to share between processes of one user."""

    def __init__(self, root: Path, *, progress: Progress | None = None) -> None:
        """Use the folder `root`, created with mode 0700 on first use; notices go to `progress`."""
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 -- resolve() would follow symlinks out of sight
        self._progress: Progress = progress or NoProgress()
        self._ready = False

    @classmethod
    def default(cls, *, progress: Progress | None = None) -> Cache:
        """Return the user's cache: $ANOMI_CACHE_DIR, else $XDG_CACHE_HOME/anomi, else ~/.cache/anomi."""
        if own := os.environ.get("ANOMI_CACHE_DIR"):
            return cls(Path(own), progress=progress)
        shared = os.environ.get("XDG_CACHE_HOME", "")
        if os.path.isabs(shared):  # noqa: PTH117 -- the XDG specification: relative values are ignored
            return cls(Path(shared) / "anomi", progress=progress)
        try:
            return cls(Path.home() / ".cache" / "anomi", progress=progress)
        except RuntimeError as error:
            raise CacheUnusableError(
                "the user's home folder is not known, so there is no place for the cache",
                hint="set ANOMI_CACHE_DIR to a folder of your own",
            ) from error

    def entry_path(self, kind: str, key: Mapping[str, str]) -> Path:
        """Return where the entry of `key` stands, or would stand."""
        return self.root / _checked_kind(kind) / _digest(key)

    def entry_is_valid(self, kind: str, key: Mapping[str, str]) -> bool:
        """Return whether the entry of `key` is there and every file of it has its hash; builds nothing."""
        return _damage(self.entry_path(kind, key)) is None

    def get_or_build(self, kind: str, key: Mapping[str, str], build: Callable[[Path], None]) -> Path:
        """Return the folder of the entry of `key`, checked; when it is missing or damaged, `build` it first.

        `build` fills the empty folder it is given, and may use it for scratch files that it removes. It runs while
        a lock on this entry is held, so no other process builds the same entry; what it raises is passed on, and
        nothing is left behind. Files become read-only. Raises CacheUnusableError.
        """
        entry = self.entry_path(kind, key)
        if entry.is_dir() and _damage(entry) is None:
            return entry
        self._prepare_root()
        label = f"{kind}/{entry.name}"
        try:
            entry.parent.mkdir(mode=0o700, exist_ok=True)
            with self._lock(kind, entry.name):
                if entry.exists():
                    damage = _damage(entry)
                    if damage is None:  # another process has built it while this one waited
                        return entry
                    self._progress.note(f"cache entry {label} is damaged ({damage}); it is made again")
                    # Moved in one step: removing it in place could stop half-way and leave half an entry.
                    entry.rename(entry.with_name(f".{entry.name}.{secrets.token_hex(4)}.damaged"))
                _remove_leftovers(entry)
                self._build(entry, kind, key, build)
                _remove_leftovers(entry)
        except OSError as error:
            raise CacheUnusableError(
                f"the cache cannot be written under {self.root}: {reason_of(error)}",
                hint="make room there, or set ANOMI_CACHE_DIR to a folder of your own",
            ) from error
        return entry

    def entries(self) -> tuple[CacheEntry, ...]:
        """Return every entry with its size in bytes, largest first; reads manifests, checks no hashes."""
        found: list[CacheEntry] = []
        for kind in sorted(self.root.iterdir()) if self.root.is_dir() else []:
            if not KIND_PATTERN.fullmatch(kind.name) or not kind.is_dir():
                continue
            for folder in sorted(kind.iterdir()):
                if DIGEST_PATTERN.fullmatch(folder.name) and folder.is_dir():
                    manifest = _read_manifest(folder)
                    key = manifest["key"] if manifest else None
                    found.append(CacheEntry(kind.name, folder.name, folder, _tree_bytes(folder), key))
        return tuple(sorted(found, key=lambda entry: -entry.size_bytes))

    def clean_leftovers(self) -> int:
        """Remove what killed builders left behind, of every entry nobody is building now; return the bytes freed."""
        freed = 0
        for leftover in sorted(self.root.glob("*/.*")) if self.root.is_dir() else []:
            digest = leftover.name.split(".")[1]
            if not DIGEST_PATTERN.fullmatch(digest) or not leftover.is_dir():
                continue
            with self._lock(leftover.parent.name, digest, wait=False) as held:
                if held:
                    freed += _tree_bytes(leftover)
                    shutil.rmtree(leftover, ignore_errors=True)
        return freed

    def _build(self, entry: Path, kind: str, key: Mapping[str, str], build: Callable[[Path], None]) -> None:
        folder = entry.with_name(f".{entry.name}.{secrets.token_hex(4)}.building")
        folder.mkdir(mode=0o700)
        try:
            try:
                build(folder)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                    raise
                # Told apart from the cache's own trouble: the reader must learn what the builder met.
                raise CacheBuildError(f"building the cache entry of kind {kind} failed: {error}") from error
            if (folder / MANIFEST_NAME).exists():
                raise CacheBuildError(f"the builder of cache entries of kind {kind} wrote a {MANIFEST_NAME}")
            _write_manifest(folder, kind, key)
            folder.rename(entry)
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)

    def _prepare_root(self) -> None:
        if self._ready:
            return
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.root.stat()
        except OSError as error:
            raise CacheUnusableError(
                f"the cache folder {self.root} cannot be created: {reason_of(error)}",
                hint="set ANOMI_CACHE_DIR to a folder of your own",
            ) from error
        if status.st_uid != os.geteuid():
            raise CacheUnusableError(
                f"the cache folder {self.root} belongs to another user, who could put code into it",
                hint="set ANOMI_CACHE_DIR to a folder of your own",
            )
        if status.st_mode & 0o022:
            raise CacheUnusableError(
                f"the cache folder {self.root} can be written by other users, who could put code into it",
                hint=f"run: chmod go-w '{self.root}', or set ANOMI_CACHE_DIR to a folder of your own",
            )
        self._ready = True

    @contextmanager
    def _lock(self, kind: str, digest: str, *, wait: bool = True) -> Iterator[bool]:
        """Hold the lock of one entry; yields False when it is taken and `wait` is false.

        The system drops the lock when its holder dies, so none is ever stale. Lock files are never removed: a
        process may be waiting on one.
        """
        locks = self.root / "locks"
        locks.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(locks / f"{kind}.{digest}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                if not wait:
                    yield False
                    return
                self._progress.note(f"waiting for another process that makes {kind}/{digest}")
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield True
        finally:
            os.close(descriptor)


def _checked_kind(kind: str) -> str:
    if not KIND_PATTERN.fullmatch(kind) or kind == "locks":
        raise CacheBuildError(f"{kind!r} is no kind of cache entry: lower-case words joined by hyphens are")
    return kind


def _digest(key: Mapping[str, str]) -> str:
    canonical = json.dumps(dict(key), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:32]


def _remove_leftovers(entry: Path) -> None:
    """Remove temporary siblings of `entry`; its lock is held, so whoever made them is dead."""
    for leftover in entry.parent.glob(f".{entry.name}.*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _write_manifest(folder: Path, kind: str, key: Mapping[str, str]) -> None:
    files: list[dict[str, object]] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            if not path.resolve().is_relative_to(folder.resolve()):
                raise CacheBuildError(f"{name} in a cache entry of kind {kind} is a link that leads out of it")
            files.append({"path": name, "link": os.readlink(path)})  # noqa: PTH115 -- the text, not a Path
        elif path.is_file():
            status = path.stat()
            files.append({"path": name, "bytes": status.st_size, "sha256": sha256_file(path)})
            path.chmod(status.st_mode & 0o555)  # a slip of the hand must not change a shared file
    manifest = {"format": MANIFEST_FORMAT, "kind": kind, "key": dict(key), "files": files}
    atomic_write(folder / MANIFEST_NAME, (json.dumps(manifest, indent=1) + "\n").encode(), mode=0o400)


def _read_manifest(folder: Path) -> dict[str, dict[str, str]] | None:
    """Return the key of an entry under "key", or None when its manifest is not one."""
    try:
        path = folder / MANIFEST_NAME
        if path.stat().st_size > MANIFEST_BYTES_MAX:
            return None
        manifest = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        return None
    return manifest if isinstance(manifest.get("key"), dict) else None


def _damage(entry: Path) -> str | None:
    """Return what is wrong with an entry, in a few words, or None when every file has its hash."""
    manifest = _read_manifest(entry)
    if manifest is None:
        return "its manifest is missing or unreadable"
    if _digest(manifest["key"]) != entry.name:
        return "its manifest belongs to another entry"
    files: object = manifest.get("files")
    if not isinstance(files, list):
        return "its manifest lists no files"
    for file in files:
        if not isinstance(file, dict) or not isinstance(file.get("path"), str):
            return "its manifest is malformed"
        if not _file_is_intact(entry, file):
            return f"{file['path']} is missing or changed"
    return None


def _file_is_intact(entry: Path, file: Mapping[str, object]) -> bool:
    path = entry / str(file["path"])
    try:
        if "link" in file:
            return path.is_symlink() and os.readlink(path) == file["link"]  # noqa: PTH115 -- the text
        status = path.lstat()
        if path.is_symlink() or not path.is_file() or status.st_size != file.get("bytes"):
            return False
        seen = (str(path), status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        if seen not in _known_hashes:
            _known_hashes[seen] = sha256_file(path)
        return _known_hashes[seen] == file.get("sha256")
    except (OSError, FileUnreadableError):
        return False


def _tree_bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except OSError:  # removed while we look
            continue
    return total
