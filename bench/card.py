"""The model card's pictures: bench/card.py FILE… writes docs/images/reading-{calibration,curve}.svg

The files are blind rounds (labelled mail the weights were not trained on). Calibration is of what the product says of them.
The curve is the first stage's, trained here on more and more hands and asked about the same files; the second stage's points
are those of the blind rounds themselves (docs/reading.md).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "bench")]

from reading import Row, macro_f1, rows  # noqa: E402  found through the line above

IMAGES: Final = ROOT / "docs/images"
SIZE, EDGE = 320, 44
BINS: Final = 10
STEPS: Final = (3, 6, 12, 20, 30, 40, 60, 80)


class Picture:
    """A square with two axes from 0 to 1 (or labelled otherwise), as SVG that is readable in light and dark."""

    def __init__(self, title: str, across: str, up: str) -> None:
        self.parts = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE + 2 * EDGE}" height="{SIZE + 2 * EDGE}" '
                f'viewBox="0 0 {SIZE + 2 * EDGE} {SIZE + 2 * EDGE}" role="img" font-family="sans-serif" font-size="12">'
                f"<title>{title}</title>"
            ),
            (
                "<style>text{fill:#222}.axis{stroke:#888;fill:none}.one{stroke:#1f5fbf;fill:#1f5fbf}.ideal{stroke:#999;"
                "stroke-dasharray:4 4}@media (prefers-color-scheme:dark){text{fill:#ddd}.one{stroke:#7fb0ff;fill:#7fb0ff}}"
                "</style>"
            ),
            f'<rect class="axis" x="{EDGE}" y="{EDGE}" width="{SIZE}" height="{SIZE}"/>',
            f'<text x="{EDGE + SIZE / 2}" y="{EDGE - 16}" text-anchor="middle">{title}</text>',
            f'<text x="{EDGE + SIZE / 2}" y="{SIZE + 2 * EDGE - 8}" text-anchor="middle">{across}</text>',
            (
                f'<text x="12" y="{EDGE + SIZE / 2}" text-anchor="middle" '
                f'transform="rotate(-90 12 {EDGE + SIZE / 2})">{up}</text>'
            ),
        ]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of a point between (0, 0) and (1, 1)."""
        return round(EDGE + x * SIZE, 1), round(EDGE + (1 - y) * SIZE, 1)

    def tick(self, place: float, text: str, *, up: bool) -> None:
        """A label beside an axis."""
        x, y = self.at(0, place) if up else self.at(place, 0)
        where = f'x="{x - 6}" y="{y + 4}" text-anchor="end"' if up else f'x="{x}" y="{y + 16}" text-anchor="middle"'
        self.parts.append(f"<text {where}>{text}</text>")

    def line(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Joined points; those of the one drawn thing get dots."""
        path = " ".join(f"{x},{y}" for x, y in (self.at(*point) for point in points))
        self.parts.append(f'<polyline class="{kind}" style="fill:none" points="{path}"/>')
        if kind == "one":
            self.parts += [f'<circle class="one" cx="{x}" cy="{y}" r="3"/>' for x, y in (self.at(*p) for p in points)]

    def write(self, file: Path) -> None:
        """As one file."""
        file.write_text("\n".join([*self.parts, "</svg>"]) + "\n", encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)}")


def calibration(found: Sequence[Row]) -> None:
    """Share that is right, by confidence."""
    picture = Picture("Is it as often right as it says?", "confidence", "share right")
    picture.line([(0, 0), (1, 1)], "ideal")
    points = []
    for number in range(BINS):
        own = [row for row in found if min(int(row.reading.signal.confidence * BINS), BINS - 1) == number]
        if own:
            sure = sum(row.reading.signal.confidence for row in own) / len(own)
            right = sum(row.said == row.gold["kind"] for row in own) / len(own)
            points.append((sure, right))
            print(f"  {sure:.2f}  {right:.2f}  {len(own)} mails")
    picture.line(points, "one")
    for each in (0, 0.5, 1):
        picture.tick(each, f"{each:g}", up=True)
        picture.tick(each, f"{each:g}", up=False)
    picture.write(IMAGES / "reading-calibration.svg")


def curve(files: Sequence[Path]) -> None:
    """First stage: macro-F1 on the files by the number of other hands it learned from."""
    import numpy as np
    import train_model

    mails, parts, whole = train_model.of_mails(), train_model.of_sentences(), train_model.of_compositions()
    left = {file.stem for file in files}
    asked = np.isin(mails.hand, sorted(left))
    hands = sorted(set(mails.hand) - left, key=lambda hand: hashlib.sha256(hand.encode()).hexdigest())
    points = []
    for count in [each for each in STEPS if each < len(hands)] + [len(hands)]:
        trained = train_model.fitted(mails, parts, whole, np.isin(mails.hand, hands[:count]))
        said = trained.predict(mails.buckets[asked])
        score = macro_f1(list(zip(mails.kind[asked], said, strict=True)))
        points.append((count, score))
        print(
            f"  {count} hands  {int(np.isin(mails.hand, hands[:count]).sum())} mails  macro-F1 {score:.3f}", flush=True
        )
    picture = Picture("First stage: more hands", "hands", "macro-F1 on blind rounds")
    most = points[-1][0]
    picture.line([(count / most, score) for count, score in points], "one")
    for count, _ in points:
        picture.tick(count / most, str(count), up=False)
    for each in (0, 0.5, 0.8, 1):
        picture.tick(each, f"{each:g}", up=True)
    picture.write(IMAGES / "reading-curve.svg")


def main(names: list[str]) -> None:
    """Both pictures."""
    files = [Path(name) for name in names]
    if not files:
        sys.exit("Name the blind rounds: bench/card.py corpus/messages/blind_7.yaml …")
    calibration(rows(files))
    curve(files)


if __name__ == "__main__":
    main(sys.argv[1:])
