"""The cache: built once, checked on every use, whole whatever kills its builder."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from anomi_prover.cache import Cache, CacheBuildError, CacheUnusableError

KEY = {"source": "ab" * 32, "version": "1"}


class Builder:
    """Counts how often it builds."""

    def __init__(self, content: bytes = b"content") -> None:
        self.content = content
        self.runs = 0

    def __call__(self, folder: Path) -> None:
        self.runs += 1
        (folder / "sub").mkdir()
        (folder / "sub" / "file.bin").write_bytes(self.content)
        (folder / "link").symlink_to("sub/file.bin")


class Notices:
    """A Progress that keeps its notices."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def start(self, label: str, total: int | None) -> None:
        raise AssertionError((label, total))

    def advance(self, n: int) -> None:
        raise AssertionError(n)

    def done(self) -> None:
        raise AssertionError

    def note(self, message: str) -> None:
        self.notices.append(message)


def leftovers(cache: Cache) -> list[str]:
    return [path.name for path in cache.root.glob("*/.*")]


def test_built_once_then_reused(cache: Cache) -> None:
    build = Builder()
    assert not cache.entry_is_valid("thing", KEY)
    first = cache.get_or_build("thing", KEY, build)
    assert cache.get_or_build("thing", dict(reversed(KEY.items())), build) == first
    assert build.runs == 1
    assert cache.entry_is_valid("thing", KEY)
    assert (first / "sub" / "file.bin").read_bytes() == b"content"
    assert leftovers(cache) == []


def test_the_folder_name_is_the_hash_of_the_canonical_key(cache: Cache) -> None:
    # sha256 of {"a":"1","b":"2"}, first 32 digits; computed with sha256sum.
    expected = "21f76dfbfe6dfe21f762080ef484112c"
    path = cache.entry_path("thing", {"b": "2", "a": "1"})
    assert path == cache.root / "thing" / expected


def test_any_part_of_the_key_and_the_kind_tell_entries_apart(cache: Cache) -> None:
    build = Builder()
    paths = {
        cache.get_or_build("thing", KEY, build),
        cache.get_or_build("other", KEY, build),
        cache.get_or_build("thing", KEY | {"version": "2"}, build),
    }
    assert len(paths) == build.runs == 3


def test_the_manifest_lists_files_sizes_hashes_and_key(cache: Cache) -> None:
    entry = cache.get_or_build("thing", KEY, Builder())
    manifest = json.loads((entry / "manifest.json").read_text())
    assert manifest["key"] == KEY
    assert manifest["files"] == [
        {"path": "link", "link": "sub/file.bin"},
        {
            "path": "sub/file.bin",
            "bytes": 7,
            "sha256": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
        },
    ]


def change_content(entry: Path) -> None:
    target = entry / "sub" / "file.bin"
    target.chmod(0o600)
    target.write_bytes(b"CONTENT")


def cut_short(entry: Path) -> None:
    target = entry / "sub" / "file.bin"
    target.chmod(0o600)
    target.write_bytes(b"")


def remove_file(entry: Path) -> None:
    (entry / "sub" / "file.bin").unlink()


def turn_link(entry: Path) -> None:
    (entry / "link").unlink()
    (entry / "link").symlink_to("elsewhere")


def replace_by_link(entry: Path) -> None:
    (entry / "sub" / "file.bin").rename(entry / "copy")
    (entry / "sub" / "file.bin").symlink_to("../copy")


def break_manifest(entry: Path) -> None:
    (entry / "manifest.json").chmod(0o600)
    (entry / "manifest.json").write_text("[" * 100_000)


def remove_manifest(entry: Path) -> None:
    (entry / "manifest.json").unlink()


def forge_key(entry: Path) -> None:
    path = entry / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["key"]["version"] = "2"
    path.chmod(0o600)
    path.write_text(json.dumps(manifest))


def forge_files(entry: Path) -> None:
    path = entry / "manifest.json"
    manifest = json.loads(path.read_text())
    path.chmod(0o600)
    path.write_text(json.dumps(manifest | {"files": [3]}))


@pytest.mark.parametrize(
    "damage",
    [
        change_content,
        cut_short,
        remove_file,
        turn_link,
        replace_by_link,
        break_manifest,
        remove_manifest,
        forge_key,
        forge_files,
    ],
)
def test_a_damaged_entry_is_made_again_with_a_notice(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    notices = Notices()
    cache = Cache(tmp_path / "cache", progress=notices)
    build = Builder()
    entry = cache.get_or_build("thing", KEY, build)
    damage(entry)
    assert not cache.entry_is_valid("thing", KEY)
    assert cache.get_or_build("thing", KEY, build) == entry
    assert build.runs == 2
    assert (entry / "sub" / "file.bin").read_bytes() == b"content"
    assert len(notices.notices) == 1
    assert "is damaged" in notices.notices[0]
    assert leftovers(cache) == []


def test_a_failed_build_leaves_nothing_and_passes_its_error_on(cache: Cache) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_bytes(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.get_or_build("thing", KEY, fail)
    assert not cache.entry_path("thing", KEY).exists()
    assert leftovers(cache) == []


def test_an_unexpected_system_error_of_a_builder_is_not_blamed_on_the_cache(cache: Cache) -> None:
    def fail(folder: Path) -> None:
        (folder / "absent" / "x").write_bytes(b"")

    with pytest.raises(CacheBuildError, match="building the cache entry of kind thing failed"):
        cache.get_or_build("thing", KEY, fail)


def test_a_builder_may_not_link_out_of_its_entry(cache: Cache, tmp_path: Path) -> None:
    with pytest.raises(CacheBuildError, match="leads out of it"):
        cache.get_or_build("thing", KEY, lambda folder: (folder / "link").symlink_to(tmp_path))


def test_a_builder_may_not_write_the_manifest(cache: Cache) -> None:
    with pytest.raises(CacheBuildError, match=r"wrote a manifest\.json"):
        cache.get_or_build("thing", KEY, lambda folder: (folder / "manifest.json").touch())


@pytest.mark.parametrize("kind", ["", "../x", "Thing", "locks", ".hidden", "a/b"])
def test_a_kind_is_a_plain_word(cache: Cache, kind: str) -> None:
    with pytest.raises(CacheBuildError, match="no kind of cache entry"):
        cache.entry_path(kind, KEY)


KILLED_BUILDER = """
import sys, time
from pathlib import Path
from anomi_prover.cache import Cache

def build(folder: Path) -> None:
    (folder / "half").write_bytes(b"half")
    print("building", flush=True)
    time.sleep(60)

Cache(Path(sys.argv[1])).get_or_build("thing", {"k": "v"}, build)
"""


def start_slow_builder(cache: Cache) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_BUILDER, str(cache.root)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "building\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_builder_killed_half_way_loses_nothing(cache: Cache) -> None:
    kept = cache.get_or_build("thing", KEY, Builder())
    kill(start_slow_builder(cache))
    assert [name for name in leftovers(cache) if name.endswith(".building")]
    assert cache.entry_is_valid("thing", KEY)
    assert not cache.entry_is_valid("thing", {"k": "v"})
    entry = cache.get_or_build("thing", {"k": "v"}, Builder())
    assert (entry / "sub" / "file.bin").read_bytes() == b"content"
    assert not (entry / "half").exists()
    assert leftovers(cache) == []
    assert kept.is_dir()


def test_leftovers_of_the_dead_are_cleaned_and_those_of_the_living_kept(cache: Cache) -> None:
    process = start_slow_builder(cache)
    try:
        assert cache.clean_leftovers() == 0
        assert len(leftovers(cache)) == 1
    finally:
        kill(process)
    assert cache.clean_leftovers() == 4
    assert leftovers(cache) == []


def test_two_builders_of_one_entry_take_turns(tmp_path: Path) -> None:
    notices = Notices()
    cache = Cache(tmp_path / "cache", progress=notices)
    build = Builder()
    started, finish = threading.Event(), threading.Event()

    def slow(folder: Path) -> None:
        started.set()
        assert finish.wait(20)
        build(folder)

    first = threading.Thread(target=cache.get_or_build, args=("thing", KEY, slow))
    second = threading.Thread(target=cache.get_or_build, args=("thing", KEY, build))
    first.start()
    assert started.wait(20)
    second.start()
    deadline = time.monotonic() + 20
    while not notices.notices and time.monotonic() < deadline:
        time.sleep(0.01)
    finish.set()
    first.join(20)
    second.join(20)
    assert build.runs == 1
    assert "waiting for another process" in notices.notices[0]


def test_the_folder_is_private(cache: Cache) -> None:
    cache.get_or_build("thing", KEY, Builder())
    assert stat.S_IMODE(cache.root.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o1777])
def test_a_folder_open_to_others_is_refused_and_left_alone(tmp_path: Path, mode: int) -> None:
    root = tmp_path / "shared"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(CacheUnusableError, match="can be written by other users"):
        Cache(root).get_or_build("thing", KEY, Builder())
    assert stat.S_IMODE(root.stat().st_mode) == mode


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheUnusableError, match="cannot be created") as caught:
        Cache(tmp_path / "file" / "cache").get_or_build("thing", KEY, Builder())
    assert "ANOMI_CACHE_DIR" in str(caught.value.hint)


def test_default_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ANOMI_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert Cache.default().root == tmp_path / "home" / ".cache" / "anomi"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert Cache.default().root == tmp_path / "xdg" / "anomi"
    monkeypatch.setenv("ANOMI_CACHE_DIR", str(tmp_path / "own"))
    assert Cache.default().root == tmp_path / "own"


def test_the_listing_gives_sizes_and_keys(cache: Cache) -> None:
    assert cache.entries() == ()
    small = cache.get_or_build("thing", KEY, Builder())
    large = cache.get_or_build("thing", {"k": "v"}, Builder(b"x" * 5000))
    first, second = cache.entries()
    assert (first.path, first.key, second.path, second.key) == (large, {"k": "v"}, small, KEY)
    assert first.size_bytes > 5000 > second.size_bytes > 7
