"""Import time of each function over the bare interpreter, medians of 7 in fresh processes, milliseconds."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 7


def once(code: str) -> float:
    """Milliseconds of one fresh interpreter."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "layers/core"), "PYTHONDONTWRITEBYTECODE": ""}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print a line a function; bare and function runs alternate, so that noise falls on both."""
    for folder in sorted((ROOT / "functions").iterdir()):
        if not folder.is_dir():
            continue
        code = f"import runpy; runpy.run_path({str(folder / 'handler.py')!r})"
        once(code)
        bare, loaded = zip(*((once("pass"), once(code)) for _ in range(RUNS)), strict=True)
        print(f"{folder.name:14} {statistics.median(loaded) - statistics.median(bare):6.0f} ms")


main()
