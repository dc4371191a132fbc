"""Plan: a validated operation becomes level reads, rows, and the answer that graphql-core completes.

`compiled` gives the plan of a document, made of `selection`, which says what was asked for. `roots` begins at
the fields of Query; `level` turns the rows of one type into answers, `leaves`, `lists` and `connection` do so
for its fields. `window` and `keyset` cut pages in SQL, `read` executes it, and `reference` remembers what
seldom changes.
"""

from schema.plan import connection, lists
from schema.plan.compiled import Answer, Plan, compiled
from schema.plan.read import Reader

__all__ = ["Answer", "Plan", "Reader", "compiled", "connection", "lists"]
