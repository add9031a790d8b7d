"""Which of the tokenizer's 250,000 pieces are kept: those that the eight languages' words are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import wordfreq
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
SIZE: Final = 28_000
WORDS: Final = 40_000
SPECIAL: Final = 4
_LATIN: Final = re.compile(r"^▁?[\u0020-\u024f‘’“”„«»–—…€£•·°№™−]*$")
_LETTER: Final = re.compile(r"[^\W\d_]")


def tokenizer(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """The unigram tokenizer over `pieces`; ids are places."""
    made = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=3))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return made


def kept(pieces: Sequence[str], scores: Sequence[float], texts: Iterable[str]) -> list[int]:
    """The ids to keep, rising: specials, every Latin character and number, then what frequent words and `texts` use."""
    whole = tokenizer(pieces, scores)
    votes: Counter[int] = Counter()
    for language in LANGUAGES:
        for rank, word in enumerate(wordfreq.top_n_list(language, WORDS)):
            for written in (word, word.capitalize()):
                for each in whole.encode(written, add_special_tokens=False).ids:
                    votes[each] += (2 if language == "en" else 1) / (rank + 10)
    for text in texts:
        for each in whole.encode(text, add_special_tokens=False).ids:
            votes[each] += 1e-4
    needed = {
        place
        for place, piece in enumerate(pieces)
        if place < SPECIAL
        or (_LATIN.match(piece) and (len(piece.strip("▁")) <= 1 or (len(piece) <= 4 and not _LETTER.search(piece))))
    }
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    wanted = [place for place, _ in ranked if place not in needed and _LATIN.match(pieces[place])]
    return sorted(needed | set(wanted[: SIZE - len(needed)]))
