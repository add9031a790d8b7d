"""What `make check` says of the tree itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def check_tree() -> Any:
    spec = importlib.util.spec_from_file_location("check_tree", ROOT / "tools/check_tree.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_makefile_names_only_what_exists(check_tree: Any) -> None:
    """Folders, files and patterns of the tree pass, and so does what git ignores; a folder that went is named."""
    tracked = ["tests/pipeline/test_a.py", "bench/imports.py", "tools/lock.sh"]
    text = "proof:\n\tpytest tests/pipeline tests/gone bench/*.py tools/lock.sh tools/lost.sh\n"
    assert check_tree.missing(text, tracked) == ["tests/gone", "tools/lost.sh"]
    assert check_tree.missing("HTMX := layers/core/hearback/web/static/vendor/htmx.min.js", tracked) == []


def test_the_projects_own_makefile_passes(check_tree: Any) -> None:
    """Every recipe runs on what is there."""
    tracked = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py")]
    tracked += [
        str(path.relative_to(ROOT))
        for name in ("tools", "bench", "layers", "requirements", "corpus", "docs")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    ]
    assert check_tree.missing((ROOT / "Makefile").read_text(), tracked) == []
