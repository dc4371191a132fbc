"""Labels: the words that project pages print before each value, and the field that each stands for."""

from dataclasses import dataclass

from ontology.linking.names import words

#: Fields that list states: the eligible ones, and those that a page lists apart from them.
STATES = ("memberStates", "otherStates")

#: For each field, the labels of each language as pages print them. Several languages share some.
LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "startYear": {"en": ("Start Date",), "fr": ("Date de début",), "es": ("Fecha de inicio",)},
    "endYear": {
        "en": ("End Date",),
        "fr": ("Date de fin",),
        "es": ("Fecha de finalización", "Fecha de fin", "Fecha de término"),
    },
    "status": {
        "en": ("Project Status", "Status"),
        "fr": ("Statut du projet", "État du projet"),
        "es": ("Estado del proyecto", "Situación del proyecto"),
    },
    "type": {"en": ("Project Type",), "fr": ("Type de projet",), "es": ("Tipo de proyecto",)},
    "budgetUsd": {
        "en": ("Budget Amount (USD)", "Budget (USD)"),
        "fr": ("Budget Amount (USD)", "Montant du budget (USD)", "Budget (USD)"),
        "es": ("Budget Amount (USD)", "Monto del presupuesto (USD)", "Presupuesto (USD)"),
    },
    "coverage": {
        "en": ("Coverage",),
        "fr": ("Couverture", "Couverture géographique"),
        "es": ("Cobertura geográfica", "Cobertura"),
    },
    "year": {"en": ("Year",), "fr": ("Année",), "es": ("Año",)},
    "region": {
        "en": ("IDF Region", "Region"),
        "fr": ("IDF Region", "Région"),
        "es": ("IDF Region", "Región"),
    },
    "primaId": {"en": ("Prima ID",), "fr": ("Prima ID",), "es": ("Prima ID",)},
    "projectId": {
        "en": ("Projects ID", "Project ID"),
        "fr": ("Projet ID", "ID du projet"),
        "es": ("Proyecto ID", "ID del proyecto"),
    },
    "memberStates": {
        "en": ("Benefiting Member States", "Benefiting Member State", "Eligible Benefiting Member States"),
        "fr": (
            "Etat(s) membre(s) beneficiaires remplissant les conditions requises",
            "Etats membres bénéficiaires remplissant les conditions requises",
            "Etats membres bénéficiaires",
        ),
        "es": (
            "Estados Miembros Beneficiarios que Reúnen los Requisitos",
            "Estado(s) Miembro(s) Beneficiario(s) que Reúnen los Requisitos",
            "Estados Miembros Beneficiarios",
        ),
    },
    "otherStates": {
        "en": ("Other Countries Benefiting", "Other Benefiting Countries"),
        "fr": ("Autres pays bénéficiaires", "Autres États bénéficiaires"),
        "es": ("Otros países beneficiarios", "Otros Estados beneficiarios"),
    },
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label: the field it stands for, and the languages that print it."""

    field: str
    languages: frozenset[str]


def _index() -> dict[tuple[str, ...], Label]:
    found: dict[tuple[str, ...], tuple[str, set[str]]] = {}
    for field, by_language in LABELS.items():
        for language, labels in by_language.items():
            for label in labels:
                found.setdefault(words(label), (field, set()))[1].add(language)
    return {label: Label(field, frozenset(languages)) for label, (field, languages) in found.items()}


_INDEX = _index()
_LONGEST = 120


def label(text: str) -> Label | None:
    """The label that a whole line is, whatever its accents, capitals and apostrophes."""
    return _INDEX.get(words(text)) if len(text) <= _LONGEST else None
