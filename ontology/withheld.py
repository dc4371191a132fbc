"""Withheld: what is left out of a record where imported texts are not to be published.

Left out are the stored texts of sources, descriptions, the words of results, and every account of where
those were read, which repeats them. Quotes that support a link stay: they are short, name their source, and
are what a claim rests on. So do the facts: titles, identifiers, years, states, amounts, the kinds of results.
"""

from ontology.declaration import Declaration, Declared, ExchangeRecord


def is_withheld(declared: Declared) -> bool:
    """Whether a field holds running text of somebody else."""
    return declared.property.imported


def _repeats_text(declared: Declared) -> bool:
    """Whether an account of where a field was read repeats such text."""
    part = declared.part
    return is_withheld(declared) or (part is not None and any(map(is_withheld, part.fields)))


def withheld_fields(declaration: Declaration) -> set[str]:
    """The fields of which no account is given, such as where they were read."""
    return {each.name for each in declaration.fields if _repeats_text(each)}


def _told(part: Declaration, values: list[ExchangeRecord], withheld: set[str]) -> list[ExchangeRecord]:
    if "field" in part.by_name:
        values = [each for each in values if each["field"] not in withheld]
    return [without_texts(part, each) for each in values]


def without_texts(declaration: Declaration, record: ExchangeRecord) -> ExchangeRecord:
    """The record without imported texts, in its parts too; the record itself where it can have none."""
    withheld = withheld_fields(declaration)
    if not withheld:
        return record
    kept = {
        name: value
        for name, value in record.items()
        if (declared := declaration.by_name.get(name)) is None or not is_withheld(declared)
    }
    for declared in declaration.parts():
        part, values = declared.part, kept.pop(declared.name, None)
        if part is not None and values and (told := _told(part, values, withheld)):
            kept[declared.name] = told
    return kept
