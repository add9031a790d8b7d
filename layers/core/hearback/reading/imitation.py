"""Whether a sender is made to be taken for somebody else: for an applicant system, a job board, a well-known name.

Such mail may well pass authentication: whoever owns greenhouse-rnail.io can sign for it. It never acts by itself. (An address made to look like an employer's is found where its mail joins an
application: pipeline.imitated.)
"""

from __future__ import annotations

import functools
import re
from typing import Final

from hearback.model.lookalike import borrowed, imitated, looks_like, mixes_alphabets
from hearback.model.message import Address
from hearback.reading import senders
from hearback.reading.wordlists import folded

MIXED: Final = "The address mixes letters of several alphabets."
#: One letter from a vendor's name, and names of their own.
_WORDS: Final = frozenset({"recruiter", "mountain", "jobscope", "workables"})


@functools.lru_cache(maxsize=4096)
def doubt(sender: Address) -> str | None:
    """Why the sender may be made to be taken for another, in a sentence for the person."""
    domain = sender.domain
    if not domain:
        return None
    registrable = senders.registrable(domain)
    if mixes_alphabets(domain):
        return MIXED
    if senders.is_relay(domain):
        return None
    if not senders.is_freemail(domain):
        found = borrowed(domain, _relays())
        if found is None and registrable.partition(".")[0] not in _WORDS:
            found = imitated(registrable, _relays())
        return looks_like(found) if found else None
    claimed = _claimed().search(folded(str(sender.name)))
    return f"The sender is called {claimed[0].title()} but writes from free mail." if claimed else None


@functools.cache
def _relays() -> tuple[str, ...]:
    """Those worth imitating: the small ones learned of since have too many honest neighbours."""
    known = senders.trained_table()
    names = ("ats", "assessment", "scheduling", "boards")
    return tuple(sorted({senders.registrable(each) for name in names for each in known[name]}))


@functools.cache
def _claimed() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(senders.table()['claimed'])))})(?!\w)")
