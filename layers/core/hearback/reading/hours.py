"""The words for hours and minutes in eight languages, as times of day are said with them."""

from __future__ import annotations

import re
from typing import Final

from hearback.reading import alternatives

SAID: Final = "∶"
"""Stands between hour and minute of a time that was said in words: the half of the day is open."""
PLAIN: Final = str.maketrans("ſıİ\u212a", "siIK")
"""Letters that match another where case does not count, and are in no table: "FRİDAY"."""
_HOUR_WORDS: Final = (
    "one ein eins één een enen una une uma pierwszej pierwsza",
    "two zwei twee tweeën dos due deux duas drugiej druga",
    "three drei drie drieën tres tre trois três trzeciej trzecia",
    "four vier vieren cuatro quattro quatre quatro czwartej czwarta",
    "five fünf vijf vijven cinco cinque cinq piątej piąta",
    "six sechs zes zessen seis sei szóstej szósta",
    "seven sieben zeven zevenen siete sette sept sete siódmej siódma",
    "eight acht achten ocho otto huit oito ósmej ósma",
    "nine neun negen negenen nueve nove neuf dziewiątej dziewiąta",
    "ten zehn tien tienen diez dieci dix dez dziesiątej dziesiąta",
    "eleven elf elven once undici onze jedenastej jedenasta",
    "twelve zwölf twaalf twaalven doce dodici douze doze dwunastej dwunasta",
    "dreizehn dertien trece tredici treize treze trzynastej trzynasta",
    "vierzehn veertien catorce quattordici quatorze catorze czternastej czternasta",
    "fünfzehn vijftien quince quindici quinze piętnastej piętnasta",
    "sechzehn zestien dieciséis sedici seize dezasseis dezesseis szesnastej szesnasta",
    "siebzehn zeventien diecisiete diciassette dix-sept dezassete dezessete siedemnastej siedemnasta",
    "achtzehn achttien dieciocho diciotto dix-huit dezoito osiemnastej osiemnasta",
    "neunzehn negentien diecinueve diciannove dix-neuf dezanove dezenove dziewiętnastej dziewiętnasta",
    "zwanzig twintig veinte venti vingt vinte dwudziestej dwudziesta",
    "einundzwanzig eenentwintig veintiuna ventuno",
    "zweiundzwanzig tweeëntwintig veintidós ventidue",
)
_MINUTE_WORDS: Final = {
    5: "five fünf vijf cinco cinq cinque pięć",
    10: "ten zehn tien diez dez dix dieci dziesięć",
    15: "quarter viertel kwart kwadrans cuarto quart quarto fifteen fünfzehn vijftien quince quinze quindici piętnaście",
    20: "twenty zwanzig twintig veinte vinte vingt venti dwadzieścia",
    25: "twenty-five fünfundzwanzig vijfentwintig veinticinco vinte_e_cinco vingt-cinq venticinque dwadzieścia_pięć",
    30: "half halb media mezza mezzo meia demie demi thirty dreißig dertig treinta trinta trente trenta trzydzieści wpół",
    35: "thirty-five fünfunddreißig treinta_y_cinco trinta_e_cinco trente-cinq trentacinque trzydzieści_pięć",
    40: "forty vierzig veertig cuarenta quarenta quarante quaranta czterdzieści",
    45: "forty-five forty_five fünfundvierzig vijfenveertig cuarenta_y_cinco quarenta_e_cinco quarante-cinq quarantacinque czterdzieści_pięć tre_quarti",
    50: "fifty fünfzig vijftig cincuenta cinquenta cinquante cinquanta pięćdziesiąt",
    55: "fifty-five fünfundfünfzig cincuenta_y_cinco cinquenta_e_cinco cinquante-cinq cinquantacinque pięćdziesiąt_pięć",
}
HOURS: Final = {word: number for number, words in enumerate(_HOUR_WORDS, 1) for word in words.split()} | {
    f"{word[:-1]}ą": number
    for number, words in enumerate(_HOUR_WORDS, 1)
    for word in words.split()[-1:]
    if word.endswith("a")
}
MINUTES: Final = {word.replace("_", " "): number for number, words in _MINUTE_WORDS.items() for word in words.split()}


def any_of(words: str) -> str:
    """A pattern of words, longest first; "_" stands for a space within one."""
    return alternatives.any_of(word.replace("_", " ") for word in words.split())


ANY_HOUR: Final = any_of(" ".join(HOURS))
POLISH_AT: Final = any_of(" ".join(word for word in HOURS if word.endswith("ej")))
POLISH_TO: Final = any_of(" ".join(word for word in HOURS if word.endswith("ą")))
ENGLISH: Final = any_of("one two three four five six seven eight nine ten eleven twelve")
DUTCH: Final = any_of(
    "een één twee drie vier vijf zes zeven acht negen tien elf twaalf "
    "enen tweeën drieën vieren vijven zessen zevenen achten negenen tienen elven twaalven"
)
GERMAN: Final = any_of("eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
ANY_MINUTES: Final = any_of(" ".join(words for words in _MINUTE_WORDS.values()))
FULL_MINUTES: Final = any_of(
    "fifteen thirty forty forty-five forty_five fifty fifty-five thirty-five twenty twenty-five "
    "fünf zehn fünfzehn zwanzig fünfundzwanzig dreißig fünfunddreißig vierzig fünfundvierzig fünfzig fünfundfünfzig "
    "vijftien twintig vijfentwintig dertig veertig vijfenveertig vijftig "
    "cinq dix quinze vingt vingt-cinq trente trente-cinq quarante quarante-cinq cinquante cinquante-cinq "
    "trzydzieści piętnaście czterdzieści czterdzieści_pięć dwadzieścia dwadzieścia_pięć pięćdziesiąt"
)


def figures(hour: int, minute: int) -> str:
    """As a clock of twelve hours shows it, with the sign of what was said; a negative minute is of the hour before."""
    hour, minute = (hour - 1, minute + 60) if minute < 0 else (hour, minute)
    return f"{hour or 12}{SAID}{minute:02}"


def hour_of(word: str) -> int:
    """The hour that a word or a number is."""
    return HOURS.get(word.lower()) or int(word)


def minute_of(word: str) -> int:
    """The minutes that a word or a number is."""
    return MINUTES.get(re.sub(r"^(?:una?|um|uno|le|a) ", "", word.lower())) or int(word)
