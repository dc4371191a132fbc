"""Text: what may stand in a text, and one text in several languages as one value."""

import re
import unicodedata
from collections.abc import Mapping

from ontology.errors import InvalidRecord

#: Words by language (BCP-47 tag of two letters).
Text = dict[str, str]

#: Several texts by language, such as the spellings of a name.
Texts = dict[str, list[str]]

#: The six official languages of the United Nations, in the order in which one is chosen by default.
LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")

# XML 1.0 (section 2.2) allows none of these, so RDF/XML could not carry them; surrogates are no text at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(value: str, field: str) -> str:
    """The text in Unicode's composed form (NFC). Raises InvalidRecord on what RDF/XML cannot carry."""
    # Most texts are ASCII that can be printed: composed already, and nothing in them is forbidden.
    if value.isascii() and value.isprintable():
        return value
    bad = None if value.replace("\n", "").isprintable() else _FORBIDDEN.search(value)
    if bad is not None:
        raise InvalidRecord(
            f"{field}: character U+{ord(bad.group()):04X} at {bad.start()} is not allowed",
            "Remove control characters and lone surrogates from the text.",
            field=field,
        )
    return unicodedata.normalize("NFC", value)


def clean_text(value: object, field: str) -> Text:
    """A text with each language checked and its words clean. Raises InvalidRecord."""
    if not isinstance(value, Mapping) or not value:
        raise InvalidRecord(f"{field}: expected words by language", 'Write {"en": "..."}.', field=field)
    for language, words in value.items():
        if language not in LANGUAGES:
            raise InvalidRecord(
                f"{field}: language {language!r} is not one of {', '.join(LANGUAGES)}",
                "Use a two-letter tag of one of the six languages.",
                field=field,
            )
        if not isinstance(words, str) or not words:
            field = f"{field}.{language}"
            raise InvalidRecord(f"{field}: expected words", "Leave the language out.", field=field)
    return {language: clean(words, f"{field}.{language}") for language, words in value.items()}


def chosen(text: Text | None, languages: list[str] | None) -> tuple[str, str] | None:
    """The language and words of the first language asked for, else None; unasked, the configured order."""
    for language in languages if languages is not None else LANGUAGES:
        if text and language in text:
            return language, text[language]
    return None


# Code points; an index of PostgreSQL holds no value of more than some 2,700 bytes.
_LONGEST_SORT_KEY = 500


def sort_key(text: Text | None) -> str:
    """What a text sorts by: its words in the first configured language, whatever their capitals."""
    found = chosen(text, None)
    return found[1].casefold()[:_LONGEST_SORT_KEY] if found else ""
