"""Build the dependency layer: wheels of the lock for arm64 and python3.13, hashes checked, pruned; prints its size.

build.py FOLDER
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

LOCK: Final = Path(__file__).with_name("requirements.txt")
PLATFORMS: Final = ("manylinux2014_aarch64", "manylinux_2_28_aarch64", "manylinux_2_17_aarch64")
KEPT_DISCOVERY: Final = "gmail.v1.json"
#: Brought by Lambda's own runtime or never imported by the functions.
DROPPED: Final = ("pip", "setuptools", "bin")
MEGABYTE: Final = 1024 * 1024
GOAL_MEGABYTES: Final = 60


def main(folder: Path) -> None:
    """Install, prune, print the size."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--implementation=cp", "--python-version=3.13"]
    command += [f"--platform={each}" for each in PLATFORMS]
    subprocess.run([*command, "--target", str(folder), "-r", str(LOCK)], check=True)
    before = size(folder)
    prune(folder)
    after = size(folder)
    print(f"vendor layer: {before:.0f} MB installed, {after:.1f} MB pruned (goal with core: {GOAL_MEGABYTES} MB)")


def prune(folder: Path) -> None:
    """Remove what no function imports."""
    documents = folder / "googleapiclient/discovery_cache/documents"
    for document in documents.glob("*.json"):
        if document.name != KEPT_DISCOVERY:
            document.unlink()
    for name in DROPPED:
        shutil.rmtree(folder / name, ignore_errors=True)
    for pattern in ("**/__pycache__", "**/tests", "**/test", "**/*.pyi", "**/*.pyx", "**/*.c", "**/*.dist-info/RECORD"):
        for found in list(folder.glob(pattern)):
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    prune_botocore(folder)


def prune_botocore(folder: Path) -> None:
    """Only the services Hearback calls; the rest of botocore's data is 20 MB."""
    keep = {"dynamodb", "sqs", "kms", "apigatewaymanagementapi", "sts"}
    data = folder / "botocore/data"
    for service in data.iterdir() if data.exists() else ():
        if service.is_dir() and service.name not in keep:
            shutil.rmtree(service)


def size(folder: Path) -> float:
    """Megabytes of all files."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / MEGABYTE


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004  the folder
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
