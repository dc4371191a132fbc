"""Choice: an option of a command that takes one of some names, which its help lists."""

from typing import Any

import typer


def one_of(names: tuple[str, ...]) -> dict[str, Any]:
    """What makes an option take one of these names."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in names:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(names)}.")
        return value

    return {"callback": check, "metavar": "|".join(names)}
