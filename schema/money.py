"""Money: US dollars as integer cents inside, as a decimal string with two digits outside."""

import re

from ontology.errors import InvalidRecord

# Twelve digits keep the sum of any number of budgets that a database can hold within 64 bits.
_DECIMAL = re.compile(r"([0-9]{1,12})\.([0-9]{2})")


def cents(dollars: str) -> int:
    """`300000.00` as 30000000. Raises InvalidRecord for any other form, and from a trillion on."""
    if not (isinstance(dollars, str) and (match := _DECIMAL.fullmatch(dollars))):
        raise InvalidRecord(
            f"{repr(dollars)[:80]} is no amount in US dollars below a trillion", 'Write it as "300000.00".'
        )
    return int(match[1]) * 100 + int(match[2])


def dollars(cents: int) -> str:
    """30000000 as `300000.00`."""
    return f"{cents // 100}.{cents % 100:02d}"
