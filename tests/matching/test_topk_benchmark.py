import numpy as np
import pytest
from scipy.sparse import csr_array

from tests.benchmarks import corpus, peers, single_query, topk, weighed


def missing(*_):
    raise ImportError("no such module")


@pytest.fixture
def few_peers(monkeypatch):
    """Two methods that are always there, and one that is not."""
    monkeypatch.setattr(
        peers,
        "BATCH",
        {
            "top_k, 2 threads": peers.ours_on_two_threads,
            topk.REFERENCE: peers.scipy_product,
            "absent": missing,
            "too slow": missing,
        },
    )
    monkeypatch.setattr(peers, "MOST_CANDIDATES", {"too slow": 1})


def test_batch_benchmark_writes_a_table(few_peers, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(topk, "plot", lambda rows, path: path.write_text(f"{len(rows)} rows"))
    topk.main(["20x60", "30x90", "--k", "3", "--runs", "1", "--to", str(tmp_path)])
    lines = (tmp_path / "topk.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| ") and "×" in line][1:]
    assert [row[1] for row in rows] == ["top_k, 2 threads", topk.REFERENCE] * 2
    assert [row[5] for row in rows] == ["1.0000"] * 4
    assert "grows with the number of pairs" in lines[-1]
    assert (tmp_path / "topk.svg").read_text() == "4 rows"
    assert "absent is not installed" in capsys.readouterr().out


def test_batch_benchmark_asks_the_texts_of_a_folder(few_peers, capsys):
    topk.main([str(corpus.DEMO), "--k", "3", "--runs", "1", "--only", "top_k, 2 threads"])
    output = capsys.readouterr().out
    assert "| demo: 200 × 240 | top_k, 2 threads" in output
    assert topk.REFERENCE not in output.split("|---")[1]
    assert "grows" not in output


@pytest.mark.parametrize("name", weighed.WEIGHED)
def test_batch_benchmark_asks_what_the_matcher_weighs(few_peers, capsys, name):
    topk.main([f"{name}-30", "30x30", "--k", "3", "--runs", "1"])
    output = capsys.readouterr().out
    assert f"| {name.replace('-', ' ')}: 30 × 30 | top_k, 2 threads" in output
    assert "| 0.0000 |" not in output
    assert "grows" not in output


def test_peers_that_come_with_the_matcher_find_what_it_finds():
    queries, candidates = corpus.corpus(7, 40)
    expected = peers.ours(candidates, 3)(queries)
    for peer in (peers.prepared, peers.scipy_product, peers.cosine_similarity, peers.nearest_neighbors):
        assert topk.recall(peer(candidates, 3)(queries), queries, candidates) == 1.0
    assert (peers.prepared(candidates, 3)(queries) == expected).all()


def test_recall_counts_scores_and_not_names():
    queries, candidates = csr_array(np.eye(1, 2)), csr_array([[0.5, 0.0], [0.5, 0.0], [0.2, 0.0], [0.0, 1.0]])
    assert topk.recall(np.array([[1]]), queries, candidates) == 1.0
    assert topk.recall(np.array([[0, 2]]), queries, candidates) == 0.5
    assert topk.recall(np.array([[-1]]), queries, candidates) == 0.0


def test_single_query_benchmark_asks_what_is_there(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(
        single_query,
        "METHODS",
        {
            "Candidates.top_k": single_query.ours,
            "SQLite FTS5": single_query.sqlite_fts5,
            "absent": missing,
            "too slow": missing,
        },
    )
    monkeypatch.setattr(single_query, "MOST_CANDIDATES", {"too slow": 1})
    single_query.main(["30", "--queries", "5", "--to", str(tmp_path)])
    table = (tmp_path / "single-query.md").read_text(encoding="utf-8")
    assert [line.split(" | ")[1] for line in table.splitlines()[4:]] == ["Candidates.top_k", "SQLite FTS5"]
    assert "1.0000" in table
    assert "absent is not installed" in capsys.readouterr().out


def test_generated_rows_are_the_same_every_time_and_of_unit_length():
    one, other = corpus.corpus(3, 50), corpus.corpus(3, 50)
    for first, second in zip(one, other, strict=True):
        assert (first != second).nnz == 0
        assert np.allclose(np.sqrt((first.multiply(first)).sum(axis=1)), 1.0)


def test_generated_rows_have_the_shape_of_the_texts_of_the_demo(capsys):
    corpus.main()
    figures = {
        line[:44].strip(): [float(one) for one in line[44:].split()]
        for line in capsys.readouterr().out.splitlines()[1:]
    }
    demo, generated = figures["exponent of the Zipf law"]
    assert generated == pytest.approx(demo, abs=0.1)
    demo, generated = figures["together against chance"]
    assert generated == pytest.approx(demo, abs=0.5)
