"""Released: what a schema breaks of the last released one, and whether the changelog declares it."""

from graphql import GraphQLSchema, build_schema, find_breaking_changes


def _newest_section(changelog: str) -> str:
    """What the changelog says of the release that comes, without line breaks and marks of code."""
    section = changelog.partition("\n## ")[2].partition("\n## ")[0]
    return " ".join(section.replace("`", "").split())


def undeclared(released: str, schema: GraphQLSchema, changelog: str) -> list[str]:
    """The breaking changes against a released SDL that the newest section of the changelog does not declare.

    It does so by `Breaking:` and graphql-core's words for the change. Comments alone are of no release.
    """
    lines = [each for each in released.splitlines() if each.strip() and not each.startswith("#")]
    if not lines:
        return []
    told = _newest_section(changelog)
    changes = [each.description for each in find_breaking_changes(build_schema(released), schema)]
    return [each for each in changes if f"Breaking: {each}" not in told]
