"""What no linter checks: modules stay small, docs and Makefile lead to files that exist, nothing names a package index."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
MAX_LINES: Final = 400
_LINK: Final = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
_PATH: Final = re.compile(
    r"(?<![\w./-])(?:tests|tools|bench|layers|functions|infra|requirements|docs|corpus)/[\w./*-]+"
)
_INDEX: Final = re.compile(r"(?:index-url|pypi\.org|pythonhosted|registry\.npmjs)", re.IGNORECASE)


def main() -> int:
    """Print what is wrong; 0 if nothing is."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    problems: list[str] = []
    for name in tracked:
        path = ROOT / name
        if not path.is_file():
            continue
        if path.suffix == ".py" and name.startswith(("layers/", "functions/")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MAX_LINES:
                problems.append(f"{name}: {lines} lines; split it (at most {MAX_LINES})")
        if path.suffix == ".md":
            targets = _LINK.findall(path.read_text(encoding="utf-8"))
            problems += [
                f"{name}: links to {each}, which does not exist"
                for each in targets
                if not (path.parent / each).exists()
            ]
        if path.name == "Makefile":
            problems += [
                f"{name}: names {each}, which does not exist"
                for each in missing(path.read_text(encoding="utf-8"), tracked)
            ]
        if path.suffix in {".txt", ".json", ".lock"} and name.startswith(
            ("requirements", "layers/vendor", "tools/static", "tests/peers")
        ):
            problems += [f"{name}: names a package index" for _ in _INDEX.findall(path.read_text(encoding="utf-8"))[:1]]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def missing(text: str, tracked: list[str]) -> list[str]:
    """Paths of the repository that `text` names and that are neither tracked, nor folders of what is, nor built."""
    known = {*tracked, *(str(parent) for each in tracked for parent in Path(each).parents)}
    named = dict.fromkeys(each.rstrip("/.") for each in _PATH.findall(text))
    return [each for each in named if not any(fnmatch(one, each) for one in known) and not _built(each)]


def _built(name: str) -> bool:
    """Whether git ignores it: it is made, not kept."""
    return subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
