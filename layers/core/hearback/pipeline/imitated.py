"""Mail that joined an application from an address made to look like its employer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearback.model.ids import FactId, Personal
from hearback.model.lookalike import borrowed, imitated, looks_like
from hearback.pipeline.acts import Said
from hearback.pipeline.groups import Group


def doubts(groups: Sequence[Group], spoken: Said) -> Mapping[str, Personal]:
    """Signal → why it waits: its domain imitates one that wrote about the same application before, or was written to.

    What the person merged into one they have looked at: only what matching joined is doubted.
    """
    found: dict[str, Personal] = {}
    for group in (part for each in groups for part in each.parts or [each]):
        known: list[str] = []
        for signal in group.signals:
            domain = signal.domain
            if domain is None or domain in known:
                continue
            like = imitated(domain, known) or borrowed(signal.sender.domain, known)
            if like is None or signal.sent or spoken.word(FactId(signal.id)).vouched:
                known.append(domain)
            else:
                found[signal.id] = Personal(looks_like(like))
    return found
