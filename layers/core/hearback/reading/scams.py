"""Whether an offer reads like one that costs its reader money. It then waits for the person, and says why; it is still an offer.

One grave sign is enough: money in advance, a cheque to buy equipment with, payment that cannot be called back. Of the others
it takes three: each of them alone is met in honest mail of small employers.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from hearback.model.message import Message
from hearback.reading import senders, wordlists

GRAVE: Final = {
    "fee": "it asks for money in advance",
    "cheque": "it speaks of a cheque or of equipment to buy",
    "untraced": "it wants payment that cannot be called back",
}
SLIGHT: Final = {
    "unseen": "nobody wants to meet you first",
    "messenger": "it goes on in a messenger",
    "papers": "it asks for bank or identity papers",
    "toil": "the work is described as such offers do",
}
ENOUGH: Final = 3
"""So many slight signs weigh as much as a grave one. A personnel office that writes from free mail counts as one of them."""
FREE_MAIL: Final = "its personnel office writes from free mail"
_MAX: Final = 20_000


def doubt(message: Message) -> str | None:
    """Why an offer may be a scam, in a sentence for the person; None where nothing of it says so."""
    text = wordlists.folded(f"{message.subject} . {message.text[:_MAX]}")
    grave = [why for sign, why in GRAVE.items() if pattern(sign).search(text)]
    slight = [why for sign, why in SLIGHT.items() if pattern(sign).search(text)]
    if senders.is_freemail(message.sender.domain) and pattern("desk").search(_shown(message)):
        slight.append(FREE_MAIL)
    if not grave and len(slight) < ENOUGH:
        return None
    return f"It has signs of a scam: {'; '.join((*grave, *slight))}."


@functools.cache
def pattern(sign: str) -> re.Pattern[str]:
    """Matches any term of a sign in folded text."""
    return wordlists.compiled(term.text for term in wordlists.read("scams.txt") if term.name == sign)


def _shown(message: Message) -> str:
    address = str(message.sender.address).partition("@")[0].replace("_", " ")
    return wordlists.folded(f"{message.sender.name} {address}")
