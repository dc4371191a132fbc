"""Invented projects, printed as pages in every layout and markup, in every language."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Invented:
    """A project that nobody has, in the words of one language."""

    language: str
    address: str
    title: str
    values: dict[str, str]
    description: tuple[str, ...]

    def _head(self) -> str:
        return f"{self.address}\n\n{self.title}\n"

    def dashes(self) -> str:
        table = "".join(f"-\n{label}\n{value}\n" for label, value in self.values.items())
        return self._head() + table + "\n".join(self.description) + "\n"

    def bullets(self) -> str:
        return self._head() + "\n".join((*self.pairs(), *self.description)) + "\n"

    def pairs(self) -> list[str]:
        printed = []
        for label, value in self.values.items():
            printed.append(f"  • {label}")
            printed += [f"    {value}"] if value else []
        return printed

    def plain(self) -> str:
        """Without labels, as the old site prints it."""
        field = dict(zip(FIELDS, self.values.values(), strict=True))
        ordered = [field[name] for name in OLD_SITE]
        return self._head() + "\n".join((self.title, *ordered, *self.description)) + "\n"

    def html(self, markup: str) -> str:
        """As a web page in one of MARKUPS, with menu, script and footer around it."""
        table = MARKUPS[markup]([(escape(label), escape(value)) for label, value in self.values.items()])
        words = "".join(f"<p>{escape(each)}</p>" for each in self.description)
        return (
            f"<!doctype html><html lang='{self.language}'><head><meta charset='utf-8'><title>x</title>"
            f"<link rel=canonical href='{self.address}'></head><body><header><a href='/'>Home</a></header>"
            "<nav><ul><li>Coverage</li><li>Year</li></ul></nav><script>var Year = '<div>2020'</script>"
            f"<main><header><h1>{escape(self.title)}</h1></header><!-- Year -->{table}{words}</main>"
            "<footer>Year<br>2020</footer></body></html>"
        )


def _list(pairs: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f"<li><h3>{label}</h3>\n<p>{value}</p></li>" for label, value in pairs) + "</ul>"


def _definitions(pairs: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd><b>{value}</b></dd>" for label, value in pairs) + "</dl>"


def _table(pairs: list[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><th scope=row>{label}</th>\n<td>{value}</td></tr>" for label, value in pairs)
    return f"<table class='facts'><tbody>{rows}</tbody></table>"


def _fields(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f"<div class='field field--inline'>\n<div class='field__label'>{label}</div>\n"
        f"<div class='field__items'><div class='field__item'>{value}</div></div></div>"
        for label, value in pairs
    )


def _spans(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f"<p><strong class='views-label'>{label} </strong><span>{value}</span></p>" for label, value in pairs
    )


#: The ways in which web pages put labels and values together.
MARKUPS = {
    "list": _list, "definitions": _definitions, "table": _table, "fields": _fields, "spans": _spans,
}  # fmt: skip

FIELDS = (
    "startYear", "endYear", "status", "type", "budgetUsd", "coverage", "year", "region", "primaId",
    "projectId", "memberStates", "otherStates",
)  # fmt: skip
OLD_SITE = ("region", "projectId", "primaId", "budgetUsd", "memberStates", "type", "coverage", "status")
#: What every one of the projects says, whatever its language.
FACTS = {
    "projectId": "IB.9977", "primaId": "FJ10P9977", "startYear": 2019, "endYear": 2021, "year": 2018,
    "status": "status/completed", "coverage": "coverage/regional", "region": "region/asia-oceania",
    "type": "type/IB", "budgetUsd": "123456.00", "memberStates": ["FJI", "PNG", "VUT"],
    "otherStates": ["GIN", "GNB"],
}  # fmt: skip

PROJECTS = {
    "en": Invented(
        "en",
        "https://example.org/project/tide-ledger",
        "A Ledger of Tides for Border Posts",
        {
            "Start Date": "2019",
            "End Date": "2021",
            "Project Status": "Completed",
            "Project Type": "Immigration and Borders",
            "Budget Amount (USD)": "123456.00",
            "Coverage": "Regional",
            "Year": "2018",
            "IDF Region": "Asia and Oceania",
            "Prima ID": "FJ10P9977",
            "Projects ID": "IB.9977",
            "Benefiting Member States": "Fiji Papua New Guinea Vanuatu Fiji",
            "Other Countries Benefiting": "Guinea Guinea-Bissau",
        },
        (
            "Invented harbour clerks write down the tides. Nobody knows why.",
            "They spell them (Outcome 1). The UN Network on Migration in Zambia lends ink (Output 1.1).",
        ),
    ),
    "fr": Invented(
        "fr",
        "https://example.org/fr/node/997701",
        "Un registre des marées pour les postes frontière",
        {
            "Date de début": "2019",
            "Date de fin": "2021",
            "Statut du projet": "Achevé",
            "Type de projet": "Immigration et frontières",
            "Budget Amount (USD)": "123456.00",
            "Couverture": "Regional",
            "Année": "2018",
            "IDF Region": "Asie et Océanie",
            "Prima ID": "FJ10P9977",
            "Projet ID": "IB.9977",
            "Etat(s) membre(s) beneficiaires remplissant les conditions requises": (
                "Fidji Papua New Guinea Vanuatu Fidji"
            ),
            "Autres pays bénéficiaires": "Guinée Guinée-Bissau",
        },
        (
            "Des commis inventés notent les marées. Personne ne sait pourquoi.",
            (
                "Ils les épellent (effet direct 1). Le Réseau des Nations Unies sur les migrations en Zambie "
                "prête de l’encre (produit 1.1)."
            ),
        ),
    ),
    "es": Invented(
        "es",
        "https://example.org/es/node/997702",
        "Un registro de mareas para los puestos fronterizos",
        {
            "Fecha de inicio": "2019",
            "Fecha de finalización": "2021",
            "Estado del proyecto": "Finalizado",
            "Tipo de proyecto": "Inmigración y fronteras",
            "Budget Amount (USD)": "123456.00",
            "Cobertura geográfica": "Regional",
            "Año": "2018",
            "IDF Region": "Asia y Oceanía",
            "Prima ID": "FJ10P9977",
            "Proyecto ID": "IB.9977",
            "Estados Miembros Beneficiarios que Reúnen los Requisitos": (
                "Fiji Papua Nueva Guinea Vanuatu Fiji"
            ),
            "Otros países beneficiarios": "Guinea Guinea Bissau",
        },
        (
            "Unos escribientes inventados anotan las mareas. Nadie sabe por qué.",
            (
                "Las deletrean (resultado 1). La Red de las Naciones Unidas sobre la Migración en Zambia "
                "presta tinta (producto 1.1)."
            ),
        ),
    ),
}
