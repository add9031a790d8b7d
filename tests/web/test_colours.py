"""Names of stages are written in the stage's colour: legible in light and dark (WCAG 2.2 AA, 1.4.3)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import hearback.web
from hearback.model.application import Stage

LEGIBLE: Final = 4.5
CSS: Final = (Path(hearback.web.__file__).parent / "static/app.css").read_text(encoding="utf-8")
SCHEMES: Final = [
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r"\{([^{}]*--surface:[^{}]*)\}", CSS)
]


def luminance(colour: str) -> float:
    """As WCAG defines it, 0–1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_light_and_dark_are_found() -> None:
    """Light, dark by the system, dark by choice."""
    assert len(SCHEMES) == 3


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark by the system", "dark by choice"])
@pytest.mark.parametrize("ground", ["bg", "surface"])
@pytest.mark.parametrize("name", [*Stage, "lead"])
def test_a_stage_is_legible(name: str, ground: str, scheme: dict[str, str]) -> None:
    """On the page and on a panel."""
    darker, lighter = sorted((luminance(scheme[name]), luminance(scheme[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= LEGIBLE
