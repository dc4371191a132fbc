"""Counted: the GraphQL types and roots of matrices, of what is behind their cells, and of agreement."""

from schema.api import LANGUAGES_ARGUMENT, ApiField, Argument

_plain = ApiField.plain

_KEYS = (
    Argument("rows", "StatKey", "What the rows are."),
    Argument("columns", "StatKey", "What the columns are; another key than that of the rows."),
    Argument("money", "MoneyRule", "What of a project's budget counts in each cell that it falls in."),
    Argument("filter", "ProjectFilter | None", "Only projects of which all of this is true."),
)
_CELL = (
    Argument("row", "ID | None", "The row: an id, a year or `none`; all rows when left out."),
    Argument("column", "ID | None", "The column: an id, a year or `none`; all columns when left out."),
    Argument("first", "int | None", "How many from the start, 1 to 100; 20 when nothing is said."),
    Argument("after", "ID | None", "Only what comes behind this project."),
)

_COEFFICIENTS = (
    _plain("agreement", "Estimate", "The share of pairs of judgements that are the same."),
    _plain("kappa", "Estimate", "Cohen's kappa; of more than two reviewers the mean over their pairs."),
    _plain("alpha", "Estimate", "Krippendorff's alpha for nominal data."),
)

#: The types by name, each with what it is and its fields.
COUNTED: dict[str, tuple[str, list[ApiField]]] = {
    "MatrixFigures": (
        "Projects and their money.",
        [
            _plain("projects", "int", "How many projects."),
            _plain("budgetUsd", "USD", "The sum of what counts of their budgets by the rule for money."),
        ],
    ),
    "MatrixCell": (
        "A cell of a matrix, or a total of a row, of a column or of all.",
        [
            _plain("row", "StatCell | None", "The row; null in totals of columns and of all."),
            _plain("column", "StatCell | None", "The column; null in totals of rows and of all."),
            _plain("accepted", "MatrixFigures", "By facts of projects and accepted links."),
            _plain("proposed", "MatrixFigures", "By links that are only proposed."),
            _plain("projects", "int", "How many projects: the accepted and the proposed."),
            _plain(
                "reviewed",
                "int | None",
                "How many of them were reviewed whole: a coding in the scheme of each key that is coded, by "
                "the codebook of the matrix, is complete. Null where no key is coded.",
            ),
            _plain("address", "str", "Where the projects and quotes behind it stand, at this data version."),
        ],
    ),
    "ProjectMatrix": (
        "Projects by two keys. A project falls in a cell for each pair of its values.",
        [
            _plain("rows", "StatKey", "What the rows are."),
            _plain("columns", "StatKey", "What the columns are."),
            _plain("money", "MoneyRule", "What of a project's budget counts in each cell."),
            _plain("dataVersion", "str", "The version of the data that was counted."),
            _plain(
                "codebookVersion",
                "str | None",
                "The version of the codebook by which `reviewed` counts; null while there is none.",
            ),
            _plain("address", "str", "The permanent address of this matrix, for citing it."),
            _plain("cells", "list[MatrixCell]", "The cells that have projects, by row and column."),
            _plain("rowTotals", "list[MatrixCell]", "The rows, in which each project counts once."),
            _plain("columnTotals", "list[MatrixCell]", "The columns, in which each project counts once."),
            _plain("total", "MatrixCell", "All of it, in which each project counts once."),
        ],
    ),
    "MatrixProject": (
        "A project behind a cell or total of a matrix.",
        [
            _plain("project", "Project", "The project."),
            _plain("status", "LinkStatus", "Whether it is accepted there or only proposed."),
            _plain("budgetUsd", "USD", "What of its budget counts there."),
            _plain("reviewed", "bool | None", "Whether it was reviewed whole; null where no key is coded."),
            _plain("links", "list[Link]", "The links that put it there, with claims and quotes."),
        ],
    ),
    "MatrixProjects": (
        "A page of the projects behind a cell or total of a matrix.",
        [
            _plain("nodes", "list[MatrixProject]", "The projects, by key."),
            _plain("totalCount", "int", "How many there are."),
            _plain("endCursor", "ID | None", "What to send as `after` for the next page; null on the last."),
            _plain("address", "str", "Where they stand, at this data version."),
        ],
    ),
    "Estimate": (
        "A coefficient of agreement with the interval that holds 95 of 100 resamples of the projects.",
        [
            _plain("value", "float | None", "The coefficient; null where it is not defined, or too few."),
            _plain("low", "float | None", "Where the interval begins."),
            _plain("high", "float | None", "Where it ends."),
        ],
    ),
    "CodeAgreement": (
        "How far reviewers agree who coded the same projects blind, on one code.",
        [
            _plain("code", "ID", "The objective, goal or target."),
            _plain("label", "str", "What it is called.", LANGUAGES_ARGUMENT),
            _plain("accepted", "int", "The number of projects to which any of them gave the code."),
            *_COEFFICIENTS,
        ],
    ),
    "Agreement": (
        "How far reviewers agree who coded the same projects blind, on all codes of a scheme and on each.",
        [
            _plain("scheme", "CodingScheme", "What was coded by."),
            _plain("dataVersion", "str", "The version of the data that was read."),
            _plain("codebookVersion", "str | None", "The version of the codebook that they coded by."),
            _plain("projects", "int", "How many projects two or more of them coded."),
            _plain("reviewers", "list[str]", "Who coded them."),
            _plain("tooFew", "bool", "Whether these are fewer than 20, so that no coefficient is given."),
            *_COEFFICIENTS,
            _plain("codes", "list[CodeAgreement]", "The same for each code."),
            _plain("address", "str", "The permanent address of this, for citing it."),
        ],
    ),
}

#: The fields of Query.
COUNTED_ROOTS: tuple[ApiField, ...] = (
    _plain("projectMatrix", "ProjectMatrix", "Projects and money by any two keys, with totals.", *_KEYS),
    _plain(
        "matrixProjects",
        "MatrixProjects",
        "The projects behind a cell or total of a matrix, and the links that put them there.",
        *_KEYS,
        *_CELL,
    ),
    _plain(
        "agreement",
        "Agreement",
        "How far reviewers agree who coded the same projects blind.",
        Argument("scheme", "CodingScheme", "What was coded by."),
    ),
)
