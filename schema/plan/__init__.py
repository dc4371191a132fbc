"""Plan: a validated operation becomes level reads, rows, and the answer that graphql-core completes.

`selection` says what was asked for, `read` fetches rows a level at a time, `level` turns the rows of one type
into answers, `connection` cuts lists into pages, `roots` begins at the fields of Query.
"""
