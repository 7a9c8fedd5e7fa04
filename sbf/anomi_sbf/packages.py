"""Debian packages without root: resolve, download and unpack them through apt's and dpkg's own clients.

apt runs with a state folder of its own, so neither the system's package lists nor its locks are touched. Names of
versioned packages (libllvm22, libstd-rust-web-1.96) are taken from what apt says the compiler depends on.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from anomi_sbf.errors import AptUnavailableError, PackageDamagedError

__all__ = ["Apt", "Package", "describe", "unpack"]

APT_TIMEOUT_S = 900
# Read after the system's own settings, so that mirrors and proxies stay as the user set them.
_SETTINGS = """\
Dir::State "FOLDER/state";
Dir::State::Lists "FOLDER/state/lists";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "FOLDER/cache";
Dir::Cache::pkgcache "pkgcache.bin"; // images for containers turn it off, which costs a second a question
Dir::Cache::srcpkgcache "srcpkgcache.bin";
APT::Sandbox::User ""; // the state may lie where the user `_apt` cannot go
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
#clear APT::Update::Pre-Invoke; // the system's hooks are for the system's state, and may need root
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""


@dataclass(frozen=True)
class Package:
    """One version of a package, as apt's index states it."""

    name: str
    version: str
    source: str
    filename: str
    sha256: str
    depends: tuple[str, ...]

    @property
    def key(self) -> str:
        """The version and hash that identify the content."""
        return f"{self.version} sha256:{self.sha256}"


class Apt:
    """apt with a private state in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Prepare the state; raises AptUnavailableError when apt or dpkg is not installed."""
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if shutil.which(tool) is None:
                raise AptUnavailableError(
                    f"building programs needs `cargo build-sbf`, or Debian's package rustc-web; {tool} is not on PATH",
                    hint="install the Solana tools, or work on Debian 12",
                )
        self._folder = folder
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        settings = folder / "apt.conf"
        settings.write_text(_SETTINGS.replace("FOLDER", str(folder)), encoding="utf-8")
        self._options = ["-c", str(settings)]
        self._complaint = ""

    def update(self) -> None:
        """Fetch the package lists. A source that fails is remembered, not raised: others may have what is needed."""
        result = self._run(["apt-get", "-q", *self._options, "update"])
        complaints = [line for line in result.stderr.splitlines() if line.startswith(("E:", "W:"))]
        self._complaint = complaints[0] if complaints else ""

    def show(self, name: str) -> Package | None:
        """Return the candidate version of a package, None when no source has it."""
        result = self._run(["apt-cache", *self._options, "show", "--no-all-versions", name])
        fields: dict[str, str] = {}
        for line in result.stdout.split("\n\n", 1)[0].splitlines():
            key, colon, value = line.partition(": ")
            if colon and not line.startswith(" "):
                fields[key] = value
        if fields.get("Package") != name or "SHA256" not in fields:
            return None
        return Package(
            name=name,
            version=fields["Version"],
            source=fields.get("Source", name).split(" ")[0],
            filename=fields["Filename"],
            sha256=fields["SHA256"],
            depends=_dependency_names(fields.get("Depends", ""), fields.get("Pre-Depends", "")),
        )

    def require(self, name: str) -> Package:
        """Return the candidate version of a package; raises AptUnavailableError when there is none."""
        package = self.show(name)
        if package is None:
            reason = f": {self._complaint}" if self._complaint else ""
            raise AptUnavailableError(
                f"apt offers no package {name}{reason}",
                hint="check the network and that Debian 12's main and security sources are enabled, "
                "or put `cargo build-sbf` on PATH",
            )
        return package

    def closure(self, names: Iterable[str], wanted: Callable[[Package], bool]) -> dict[str, Package]:
        """Return `names` and those of their dependencies, direct or not, that `wanted` accepts."""
        found = {name: self.require(name) for name in names}
        frontier = list(found.values())
        while frontier:
            for name in frontier.pop().depends:
                if name in found:
                    continue
                package = self.show(name)
                if package is not None and wanted(package):
                    found[name] = package
                    frontier.append(package)
        return found

    def download(self, package: Package, folder: Path) -> Path:
        """Download one package into `folder`; raises AptUnavailableError, PackageDamagedError."""
        before = set(folder.glob("*.deb"))
        command = ["apt-get", "-q", *self._options, "download", f"{package.name}={package.version}"]
        result = self._run(command, folder)
        fresh = sorted(set(folder.glob("*.deb")) - before)
        if result.returncode != 0 or len(fresh) != 1:
            lines = [line for line in result.stderr.splitlines() if line.startswith("E:")] or ["no reason given"]
            raise AptUnavailableError(
                f"apt cannot download {package.name} {package.version}: {lines[0]}",
                hint="check the network and run the command again",
            )
        digest = _sha256(fresh[0])
        if digest != package.sha256:
            raise PackageDamagedError(
                f"{package.name} {package.version} has SHA-256 {digest}, but apt's index says {package.sha256}",
                hint="run the command again; if it happens again, the mirror is damaged",
            )
        return fresh[0]

    def _run(self, command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        try:
            return subprocess.run(
                command,
                cwd=folder or self._folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=APT_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AptUnavailableError(
                f"{command[0]} did not finish within {APT_TIMEOUT_S} seconds", hint="check the network"
            ) from error


def _dependency_names(*fields: str) -> tuple[str, ...]:
    """Return the first alternative of each dependency, without versions and architectures."""
    names = []
    for field in fields:
        for dependency in field.split(","):
            match = re.match(r"\s*([a-z0-9][a-z0-9+.-]*)", dependency)
            if match:
                names.append(match[1])
    return tuple(dict.fromkeys(names))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(archive: Path, folder: Path, wanted: Callable[[str], bool]) -> int:
    """Unpack those files of a .deb whose path `wanted` accepts; return their number.

    Only regular files and links that stay inside `folder` are made. Raises PackageDamagedError.
    """
    count = 0
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(archive)],  # noqa: S607 - looked up on PATH like apt itself
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        if process.stdout is None:
            raise PackageDamagedError(f"dpkg-deb does not unpack {archive.name}")
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as content:
                for member in content:
                    path = PurePosixPath(member.name)
                    relative = str(path)
                    if path.is_absolute() or ".." in path.parts or not wanted(relative):
                        continue
                    count += _write_member(content, member, folder / relative, folder)
            process.stdout.read()
        except (tarfile.TarError, EOFError) as error:
            raise PackageDamagedError(f"{archive.name} does not unpack: {error}") from error
    if process.returncode:
        raise PackageDamagedError(f"dpkg-deb does not unpack {archive.name}")
    return count


def _write_member(content: tarfile.TarFile, member: tarfile.TarInfo, target: Path, folder: Path) -> int:
    if os.path.lexists(target):  # another package brought it
        return 0
    if member.issym():
        inside = os.path.normpath(target.parent / member.linkname)
        if os.path.isabs(member.linkname) or not Path(inside).is_relative_to(folder):  # noqa: PTH117
            return 0
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(member.linkname)
        return 1
    source: IO[bytes] | None = content.extractfile(member) if member.isreg() else None
    if source is None:
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    target.chmod(0o755 if member.mode & 0o111 else 0o644)
    return 1


def describe(packages: Mapping[str, Package]) -> dict[str, str]:
    """Return the content-addressing key of a set of packages."""
    return {name: packages[name].key for name in sorted(packages)}
