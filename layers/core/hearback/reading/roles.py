"""The role a mail is about: a title as written, without "(m/f/d)", requisition id and place."""

from __future__ import annotations

import re
from typing import Final

WORD: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ0-9][\w'’.+#&-]{0,40}"
"""A capitalised word of a name."""
_ROLE: Final = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w'’.+#&()/-]{0,60},?(?:[ ](?:(?:of|and|for|und|für|de|du|des|van|di|da|do|im|in|&|-|–|/)[ ])?[A-ZÀ-ÖØ-ÞŁŚŻŹĆ0-9(][\w'’.+#&()/-]{0,60},?){0,7}"

ROLE_NOUN: Final = re.compile(
    r"(?i)\b\w*(?:engineer|developer|manager|analyst|designer|scientist|architect|consultant|administrator|specialist|assistant|nurse|teacher|driver|director|lead|officer|coordinator|accountant|representative|technician|executive|associate|intern|trainee|researcher|writer|editor|lawyer|advisor|adviser|recruiter|operator|operative|chef|cook|waiter|receptionist|clerk|supervisor|programmer|tester|lecturer|tutor|therapist|pharmacist|porter|cleaner|carpenter|electrician|plumber|mechanic|buyer|planner|strategist|producer|owner|head|principal|partner|president|vp|cto|cfo|sre|devops"
    r"|entwickler|entwicklerin|ingenieur|ingenieurin|berater|beraterin|leiter|leiterin|referent|referentin|mitarbeiter|mitarbeiterin|sachbearbeiter|sachbearbeiterin|kaufmann|kauffrau|pfleger|pflegerin|lehrer|lehrerin|analystin|assistentin|managerin|fahrer|werkstudent|werkstudentin|administratorin"
    r"|ingénieur|développeur|développeuse|chargée?|responsable|assistante?|comptable|vendeur|vendeuse|conseiller|conseillère|chef"
    r"|ingenier[oa]|desarrollador[a]?|analista|gerente|encargad[oa]|técnic[oa]|administrativ[oa]|dependient[ea]|comercial|enfermer[oa]|profesor[a]?"
    r"|desenvolvedor[a]?|engenheir[oa]|gestor[a]?|assistente|enfermeir[oa]|sviluppatore|sviluppatrice|ingegnere|impiegat[oa]|addett[oa]|medewerker|ontwikkelaar|adviseur|verpleegkundige|docent|programista|programistka|inżynier|analityk|kierownik|specjalist[ak]a?|asystent(?:ka)?)\b"
)
_ROLE_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:[Pp]osition|[Rr]ole|[Pp]ost|[Jj]ob|[Vv]acancy|[Oo]pening) (?:of|as|for|titled) (?:an? |the |our )?[\"“']?({_ROLE})",
        rf"\b(?:the|our|an?|this) [\"“']?({_ROLE})[\"”']? (?:position|role|job|vacancy|opening|post|opportunity|exercise)\b",
        rf"\b(?:[Aa]pplication|[Aa]pplying|[Aa]pplied|CV|[Ii]nterview|[Aa]pply) (?:for|as|to be|to)(?: the)?(?: position of| role of| post of)?(?: an?| our)? [\"“']?({_ROLE})",
        rf"\b(?:for|as) (?:the |an? |our )?({_ROLE}) (?:at|with|in our|here|has|is|was|position|role|job)\b",
        rf"\bas (?:an? |our )?({_ROLE})",
        rf"\b(?:Bewerbung|Stelle|Position|Unterlagen|Funktion|Aufgabe) (?:als|zum|zur|für die Stelle|um die Stelle(?: als)?|für die Position)(?: als| der| des)? ({_ROLE})",
        rf"\bfür die (?:Stelle|Position)(?: als| des| der)? ({_ROLE})",
        rf"\bals ({_ROLE})",
        rf"\b(?:poste|candidature|offre) (?:de |d['’]|au poste de |pour le poste de |pour )({_ROLE}|[a-zéèà]+(?:[ ](?:de |d['’])?[a-zA-Zéèà]+){{0,4}})",
        rf"\b(?:puesto|vacante|posición|candidatura|oferta) (?:de|para|para el puesto de|a) ({_ROLE}|[a-záéíóúñ]+(?:[ ](?:de )?[a-zA-Záéíóúñ]+){{0,4}})",
        rf"\b(?:vaga|cargo|posição) (?:de|para|para a vaga de) ({_ROLE}|[a-zãáéíóúç]+(?:[ ](?:de )?[a-zA-Zãáéíóúç]+){{0,4}})",
        rf"\b(?:posizione|ruolo) (?:di|da|per) ({_ROLE}|[a-zàèéìòù]+(?:[ ](?:di )?[a-zA-Zàèéìòù]+){{0,4}})",
        rf"\b(?:functie|vacature|rol) (?:van|voor|als) ({_ROLE}|[a-z]+(?:[ ][a-zA-Z]+){{0,3}})",
        rf"\bstanowisko ({_ROLE}|[a-ząćęłńóśźż]+(?:[ ][a-zA-Ząćęłńóśźż]+){{0,3}})",
        rf"(?:^|[:|–-] )({_ROLE}) (?:at|@|bei|chez|[-–|]) {WORD}",
        rf"(?:^|[:|–(] ?|- )({_ROLE})(?:\s*[-–|,)(]|$)",
        rf"^({_ROLE}), (?:{WORD})?\d",
    )
)
_GENDER: Final = re.compile(
    r"\s*\((?:all genders|gn|[mwfdxhi](?:\s*[/|,*]\s*(?:[mwfdxhi]|div|divers|all))*)\)|\s*\b[mwf]\s*/\s*[mwf]\s*/\s*[dx]\b|(?<=\w)[:*_]in\b",
    re.IGNORECASE,
)


def find(subject: str, text: str) -> str | None:
    """The role most of the mail agrees on."""
    votes: dict[str, float] = {}
    shown: dict[str, str] = {}
    for weight, source in ((1.5, subject), (1.0, text)):
        for rank, pattern in enumerate(_ROLE_PATTERNS):
            if source is text and rank >= len(_ROLE_PATTERNS) - 3:
                break  # these shapes mean a role in a subject line only
            for found in list(pattern.finditer(source))[:6]:
                role = clean(found[1])
                if role is not None:
                    key = role.casefold()
                    votes[key] = votes.get(key, 0) + weight * (1.0 - 0.03 * rank) + 0.01 * min(len(role.split()), 4)
                    shown.setdefault(key, role)
    if not votes:
        return None
    return shown[max(votes, key=lambda key: (votes[key], len(key), key))]


def clean(raw: str, *, pointed_at: bool = False) -> str | None:
    """A title without "(m/f/d)", requisition id and place; None if it is no title. What the encoder points at need not
    hold a word known from titles.
    """
    role = re.split(r"[.!?;:]\s", _GENDER.sub("", raw))[0].strip(" ,.;:-–|/")
    role = re.sub(r"[,(\s]+(?:JR|REQ|R|Ref|ID)?[-_ ]?#?\d[\w-]*\)?$|[,(\s]+(?:JR|REQ)$", "", role)
    role = re.sub(
        r"\s*[(\[](?:[^()\[\]]{0,20}\d[^()\[\]]{0,20}|[Rr]emote|[Hh]ybrid|[^()\[\]]{0,40})[)\]]?\s*$",
        lambda m: m[0] if re.fullmatch(r"\s*\([A-Z][a-z]+\)\s*", m[0]) else "",
        role,
    )
    role = role.strip(" ,.;:-–|/(")
    role = re.sub(r",? (?:at|bei|chez|with|in)$", "", role)
    if not 2 < len(role) <= 80 or not (pointed_at or ROLE_NOUN.search(role)):
        return None
    if (
        role.split()[0].casefold() in {"hiring", "dear", "talent", "recruiting", "hi", "your", "our", "the", "hello"}
        and len(role.split()) < 3
    ):
        return None
    return role
