"""Cues: the turns of speech that take words out of what a text is about, or make them count for less.

All of them stand in the lexicon as data. What a sentence denies, what it only agrees with, and names of
institutions are no topic; what it tells as background counts for less than what somebody is to do.
"""

import re
from collections.abc import Iterator
from typing import Literal

from ontology.linking.lexicon import words

_FR = r"(?:de la |de l['’]|de |du |des |d['’])"
_ES = r"(?:de la |de los |de |del )"

#: What a sentence tells: what is to be done, how things stand, how an office works, or what any page has.
Kind = Literal["work", "background", "office", "furniture"]

# By their capitals, which folded text has lost: a ministry of health is no project on health. In French and
# Spanish a portfolio often has none; then it is one of those that there are.
_PORTFOLIO_FR = (
    r"(?:sant[ée]|[ée]ducation|enseignement|formation|justice|droits de l['’]homme|droits humains|int[ée]rieur"
    r"|travail|emploi|agriculture|p[êe]ches?|[ée]levage|environnement|famille|femmes?|genre|[ée]conomie|finances"
    r"|plan|coop[ée]ration|affaires|jeunesse|sports|protection|solidarit[ée]|action|culture|tourisme|commerce"
    r"|industrie|transports?|[ée]nergie|eau|hydraulique|logement|urbanisme|ville|d[ée]fense|s[ée]curit[ée]"
    r"|immigration|migrations?|population|d[ée]veloppement|recherche|fonction|administration|statistiques?)"
)
_PORTFOLIO_ES = (
    r"(?:salud|educaci[óo]n|ense[ñn]anza|justicia|derechos humanos|interior|trabajo|empleo|agricultura|pesca"
    r"|ganader[íi]a|ambiente|medio ambiente|familia|mujer(?:es)?|g[ée]nero|econom[íi]a|finanzas|hacienda|planificaci[óo]n"
    r"|cooperaci[óo]n|relaciones|juventud|deportes?|protecci[óo]n|desarrollo|cultura|turismo|comercio|industria"
    r"|transportes?|energ[íi]a|agua|vivienda|urbanismo|defensa|seguridad|gobierno|gobernaci[óo]n|inclusi[óo]n"
    r"|inmigraci[óo]n|migraci[óo]n|poblaci[óo]n|ciencia|obras p[úu]blicas|previsi[óo]n)"
)
_KIND_FR = r"(?: (?:[ée]trang[èe]res?|sociales?|publiques?|internationales?|humaine?s?|nationales?|sup[ée]rieure?|technique|professionnelle|territoriale|scientifique|f[ée]minine))?"
_KIND_ES = r"(?: (?:[Ee]xteriores|[Ss]ocial(?:es)?|[Pp][úu]blicas?|internacional(?:es)?|[Hh]uman[oa]s?|nacional|superior|t[ée]cnica|profesional))?"
_INSTITUTION = re.compile(
    r"(?:Ministr(?:y|ies)|Ministers?|Department|Secretary|Secretariat) (?:of|for)(?: the)?"
    r"(?:,? (?:and (?:the )?|of |for )*[A-Z]\w+)+"
    rf"|(?:[Mm]inist[èe]res?|[Mm]inistres?|[Ss]ecr[ée]tariat) {_FR}(?:[A-ZÉ]\w+|{_PORTFOLIO_FR}\b){_KIND_FR}"
    rf"(?:(?:,? (?:et )?{_FR}|,? et |, )(?:[A-ZÉ]\w+|{_PORTFOLIO_FR}\b){_KIND_FR})*"
    r"(?: de l['’](?:ext[ée]rieur|[ée]tranger))?"
    rf"|(?:[Mm]inisteri?os?|[Mm]inistr[ao]s?|[Ss]ecretar[ií]a) {_ES}(?:[A-ZÁÉ]\w+|{_PORTFOLIO_ES}\b){_KIND_ES}"
    rf"(?:(?:,? (?:y )?{_ES}|, | y )(?:[A-ZÁÉ]\w+|{_PORTFOLIO_ES}\b){_KIND_ES})*"
    r"|International Organi[sz]ation for Migration|Organisation internationale pour les migrations"
    r"|Organización Internacional para las Migraciones|International Labour Organi[sz]ation"
    r"|Organisation internationale du [Tt]ravail|Organización Internacional del Trabajo"
    r"|World Health Organi[sz]ation|Organisation mondiale de la [Ss]anté|Organización Mundial de la Salud"
    r"|(?:UN|United Nations) High Commissioner for (?:Refugees|Human Rights)"
    r"|Haut[- ]Commissariat (?:des Nations Unies )?(?:pour les réfugiés|aux droits de l['’]homme)"
    r"|Alto Comisionado (?:de las Naciones Unidas )?para los (?:Refugiados|Derechos Humanos)"
)
_STOP = re.compile(r"[;:]")
_LISTS = re.compile(r"(?: \w+)?\s*:")
_TWO_WORDS = re.compile(r"\w+(?: +\w+)?")

# How far the name of the Compact may stand behind the words that agree with it.
_REACH = 160


def names(text: str, folded: str, language: str) -> Iterator[tuple[int, int]]:
    """Where words stand that are part of a name or mean something else than people who move."""
    cues = words(language).cues
    for match in (*_INSTITUTION.finditer(text), *cues["other-sense"].finditer(folded)):
        yield match.span()
    agreed = [match.start() for match in cues["agrees"].finditer(folded)]
    for match in cues["compact"].finditer(folded):
        before = [
            start
            for start in agreed
            if match.start() - _REACH < start < match.start() and "." not in folded[start : match.start()]
        ]
        # Else two words stay that name the Compact: putting it into practice is what a project can do.
        named = _TWO_WORDS.match(folded, match.start())
        yield before[-1] if before else (named.end() if named else match.start()), match.end()


def denied(folded: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Where a sentence speaks of what is not meant."""
    cues = words(language).cues
    turns = [match.start() for each in (cues["turns"], _STOP) for match in each.finditer(folded, start, end)]
    for match in cues["denies"].finditer(folded, start, end):
        # A colon right behind it announces what is not meant.
        listed = _LISTS.match(folded, match.end(), end)
        from_here = listed.end() if listed else match.end()
        yield match.start(), min((each for each in turns if each >= from_here), default=end)
    for match in cues["is-denied"].finditer(folded, start, end):
        yield max((each for each in turns if each < match.start()), default=start), match.end()


def is_of_work(folded: str, start: int, end: int, language: str) -> bool:
    """Whether a sentence says in so many words that somebody does something, or names a project."""
    cues = words(language).cues
    return any(cues[each].search(folded, start, end) for each in ("project", "acts"))


def kind(folded: str, start: int, end: int, language: str) -> Kind:
    """What a sentence tells; where somebody is to do something, that counts."""
    cues = words(language).cues
    if cues["furniture"].search(folded, start, end):
        return "furniture"
    if cues["logistics"].search(folded, start, end):
        return "office"
    if cues["project"].search(folded, start, end):
        return "work"
    is_done = cues["acts"].search(folded, start, end)
    if not is_done and cues["administrative"].search(folded, start, end):
        return "office"
    return "background" if cues["background"].search(folded, start, end) else "work"
