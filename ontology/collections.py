"""Collections: what the catalogue calls datasets and dumps call files, and which records each of them holds.

Every living record is in exactly one collection. What is accepted is kept apart from what is only proposed,
so that facts stay as they are when a new lexicon proposes other links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ontology.declaration import ExchangeRecord

#: Which records of its classes a collection holds: all, the accepted ones, or those that are not accepted.
Share = Literal["all", "accepted", "other"]


@dataclass(frozen=True, slots=True)
class Collection:
    """One published collection: its name in addresses, its words by language, and the classes it holds.

    `classes` has the path segments of the contract, in the order of exports, each with the share of the class
    that the collection holds.
    """

    name: str
    title: dict[str, str]
    description: dict[str, str]
    classes: dict[str, Share]

    def holds(self, record: ExchangeRecord) -> bool:
        """Whether a living record belongs to the collection."""
        share = self.classes.get(record["class"])
        return share == "all" or (share is not None and (share == "accepted") == is_accepted(record))


def _instrument(record: ExchangeRecord) -> bool:
    return record.get("accepted") is True


def _reviewed(record: ExchangeRecord) -> bool:
    return record.get("status") == "accepted"


_ACCEPTED: dict[str, Callable[[ExchangeRecord], bool]] = {
    "instrument": _instrument,
    "link": _reviewed,
    "mapping": _reviewed,
}


def is_accepted(record: ExchangeRecord) -> bool:
    """Whether reviewers accepted what a record says; all but links, mappings and instruments is a fact."""
    rule = _ACCEPTED.get(record["class"])
    return rule is None or rule(record)


#: The collections by name, in the order in which whole dumps hold them: what is referred to comes first.
COLLECTIONS = {
    each.name: each
    for each in (
        Collection(
            "codes",
            {"en": "Code lists", "fr": "Listes de codes", "es": "Listas de códigos"},
            {
                "en": "The code lists that project pages use (status, coverage, region, type), "
                "and the concept schemes.",
                "fr": "Les listes de codes des pages de projets (statut, portée, région, type) "
                "et les schémas de concepts.",
                "es": "Las listas de códigos de las páginas de proyectos (estado, cobertura, región, tipo) "
                "y los esquemas de conceptos.",
            },
            {"scheme": "all", "code": "all"},
        ),
        Collection(
            "objectives",
            {
                "en": "Objectives and principles of the Global Compact for Migration",
                "fr": "Objectifs et principes du Pacte mondial pour les migrations",
                "es": "Objetivos y principios del Pacto Mundial para la Migración",
            },
            {
                "en": "The 23 objectives and 10 guiding principles (A/RES/73/195), under unofficial IRIs.",
                "fr": "Les 23 objectifs et 10 principes directeurs (A/RES/73/195), sous des IRI "
                "non officiels.",
                "es": "Los 23 objetivos y 10 principios rectores (A/RES/73/195), con IRI no oficiales.",
            },
            {"objective": "all", "principle": "all"},
        ),
        Collection(
            "sdg",
            {
                "en": "Short labels of the Sustainable Development Goals and targets",
                "fr": "Libellés courts des objectifs de développement durable et de leurs cibles",
                "es": "Etiquetas breves de los Objetivos de Desarrollo Sostenible y sus metas",
            },
            {
                "en": "The 17 goals and 169 targets under the United Nations' own IRIs, "
                "with short labels of our own.",
                "fr": "Les 17 objectifs et 169 cibles sous les IRI des Nations Unies, "
                "avec des libellés courts qui sont les nôtres.",
                "es": "Los 17 objetivos y 169 metas con los IRI de las Naciones Unidas "
                "y etiquetas breves propias.",
            },
            {"sdg": "all"},
        ),
        Collection(
            "codebook",
            {"en": "Codebook", "fr": "Guide de codage", "es": "Manual de codificación"},
            {
                "en": "When a project counts under an objective of the Global Compact, a Sustainable "
                "Development Goal or a target, and when not: rules that reviews cite, with worked examples.",
                "fr": "Quand un projet relève d’un objectif du Pacte mondial, d’un objectif de développement "
                "durable ou d’une cible, et quand il n’en relève pas : des règles que citent les "
                "évaluations, avec des exemples traités.",
                "es": "Cuándo un proyecto corresponde a un objetivo del Pacto Mundial, a un Objetivo de "
                "Desarrollo Sostenible o a una meta, y cuándo no: reglas que citan las revisiones, con "
                "ejemplos resueltos.",
            },
            {"codebook": "all"},
        ),
        Collection(
            "states",
            {"en": "States", "fr": "États", "es": "Estados"},
            {
                "en": "States with ISO and UN M49 codes, names in six languages, and their standing in IOM.",
                "fr": "Les États avec leurs codes ISO et ONU M49, leurs noms en six langues "
                "et leur statut à l’OIM.",
                "es": "Los Estados con sus códigos ISO y ONU M49, sus nombres en seis idiomas "
                "y su condición en la OIM.",
            },
            {"state": "all"},
        ),
        Collection(
            "networks",
            {
                "en": "UN networks on migration and national instruments",
                "fr": "Réseaux des Nations Unies sur les migrations et instruments nationaux",
                "es": "Redes de las Naciones Unidas sobre la migración e instrumentos nacionales",
            },
            {
                "en": "The UN networks at their three levels, and the national mechanisms and plans "
                "that reviewers accepted.",
                "fr": "Les réseaux des Nations Unies à leurs trois niveaux, et les mécanismes et plans "
                "nationaux que des évaluateurs ont acceptés.",
                "es": "Las redes de las Naciones Unidas en sus tres niveles y los mecanismos y planes "
                "nacionales que aceptaron los revisores.",
            },
            {"network": "all", "instrument": "accepted"},
        ),
        Collection(
            "sources",
            {"en": "Sources", "fr": "Sources", "es": "Fuentes"},
            {
                "en": "The texts that facts were read from: address, date, language, hash and rights.",
                "fr": "Les textes dont les faits sont tirés : adresse, date, langue, empreinte et droits.",
                "es": "Los textos de los que se leyeron los hechos: dirección, fecha, idioma, huella "
                "y derechos.",
            },
            {"source": "all"},
        ),
        Collection(
            "projects",
            {
                "en": "Projects of the IOM Development Fund",
                "fr": "Projets du Fonds de l’OIM pour le développement",
                "es": "Proyectos del Fondo de la OIM para el Desarrollo",
            },
            {
                "en": "The projects with their beneficiaries, budgets, results, accepted links, "
                "and the source of each value.",
                "fr": "Les projets avec leurs bénéficiaires, budgets, résultats, liens acceptés "
                "et la source de chaque valeur.",
                "es": "Los proyectos con sus beneficiarios, presupuestos, resultados, vínculos aceptados "
                "y la fuente de cada valor.",
            },
            {"project": "all"},
        ),
        Collection(
            "links",
            {
                "en": "Accepted links, with claims and reviews",
                "fr": "Liens acceptés, avec affirmations et évaluations",
                "es": "Vínculos aceptados, con afirmaciones y revisiones",
            },
            {
                "en": "The links from projects that reviewers accepted: who claims them, on which evidence, "
                "who decided, and which projects were coded as a whole.",
                "fr": "Les liens de projets que des évaluateurs ont acceptés : qui les affirme, sur quelles "
                "preuves, qui a décidé, et quels projets ont été codés en entier.",
                "es": "Los vínculos de proyectos que aceptaron los revisores: quién los afirma, con qué "
                "pruebas, quién decidió, y qué proyectos se codificaron por completo.",
            },
            {"link": "accepted", "coding": "all"},
        ),
        Collection(
            "crosswalk",
            {
                "en": "Crosswalk between the Global Compact and the SDGs",
                "fr": "Table de correspondance entre le Pacte mondial et les ODD",
                "es": "Tabla de correspondencias entre el Pacto Mundial y los ODS",
            },
            {
                "en": "What objectives of the Global Compact and Sustainable Development Goals have in "
                "common, as far as reviewers accepted it. It is unofficial.",
                "fr": "Ce que les objectifs du Pacte mondial et les objectifs de développement durable ont "
                "en commun, dans la mesure où des évaluateurs l’ont accepté. Elle n’a rien d’officiel.",
                "es": "Lo que tienen en común los objetivos del Pacto Mundial y los Objetivos de Desarrollo "
                "Sostenible, en la medida en que lo aceptaron los revisores. No es oficial.",
            },
            {"mapping": "accepted"},
        ),
        Collection(
            "proposals",
            {
                "en": "Proposed and rejected links, and candidates",
                "fr": "Liens proposés ou rejetés, et candidats",
                "es": "Vínculos propuestos o rechazados, y candidatos",
            },
            {
                "en": "What is only proposed, or was rejected: links with their claims and evidence, and "
                "national instruments that no reviewer accepted yet. None of it is stated as a fact.",
                "fr": "Ce qui est seulement proposé, ou a été rejeté : les liens avec affirmations et "
                "preuves, et les instruments nationaux qu’aucun évaluateur n’a encore acceptés. "
                "Rien de cela n’est affirmé comme un fait.",
                "es": "Lo que solo se propone o fue rechazado: vínculos con sus afirmaciones y pruebas, e "
                "instrumentos nacionales que ningún revisor aceptó aún. Nada de ello se afirma "
                "como un hecho.",
            },
            {"instrument": "other", "link": "other", "mapping": "other"},
        ),
    )
}


def collection_of(record: ExchangeRecord) -> Collection:
    """The collection that a living record is in."""
    return next(each for each in COLLECTIONS.values() if each.holds(record))
