import os
import runpy
import subprocess
import sys
from types import SimpleNamespace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from matching import candidates as prepared
from matching import gap_moves, inversion, make_timetable, placement, postings, query_terms, tile, top_k
from matching.candidates import Candidates
from matching.compiled import compiled
from matching.exhaustive import read_rows
from matching.search import search
from matching.text.loops import add_up, beside, meet, normalise, obey, put, tell
from matching.tile import HIT
from matching.timetable import compile_loops
from tests.matching import oracle, strategies, topk_cases


def found(*arguments, **options):
    indices, scores = top_k(*arguments, **options)
    assert (indices.dtype, scores.dtype) == (np.int32, np.float32)
    return indices.tolist(), scores.tolist()


@st.composite
def cases(draw):
    n_terms = draw(st.integers(0, 4))
    queries, candidates = draw(strategies.weights(n_terms)), draw(strategies.weights(n_terms))
    excluded = draw(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
    inside = {pair for pair in excluded if pair[0] < queries.shape[0] and pair[1] < candidates.shape[0]}
    return queries, candidates, draw(st.integers(1, 8)), inside


def mask(pairs, queries, candidates):
    cells = np.zeros((queries.shape[0], candidates.shape[0]), dtype=bool)
    for pair in pairs:
        cells[pair] = True
    return csr_array(cells)


@given(cases())
def test_top_k_equals_brute_force(case):
    queries, candidates, k, _ = case
    assert found(queries, candidates, k) == oracle.best(queries.toarray(), candidates.toarray(), k)


@given(cases())
def test_top_k_without_excluded_pairs_equals_brute_force(case):
    queries, candidates, k, pairs = case
    assert found(queries, candidates, k, excluded=mask(pairs, queries, candidates)) == oracle.best(
        queries.toarray(), candidates.toarray(), k, pairs
    )


@st.composite
def crowds(draw):
    """Enough candidates to fill tiles, drawn by a Zipf law: few weights, so that ties are common."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_terms = draw(st.sampled_from([1, 7, 60, 4_000_000]))
    n_queries, n_candidates = draw(st.integers(1, 9)), draw(st.integers(1, 200))

    def rows(n):
        n_weights = n * draw(st.integers(0, 12))
        terms = np.minimum(random.zipf(1.3, n_weights) - 1, n_terms - 1)
        weights = random.choice(np.float32([0.0, 0.1, 0.25, 0.5, 0.7, 1.0]), n_weights)
        cells = dict(zip(zip(random.integers(0, n, n_weights), terms, strict=True), weights, strict=True))
        at = np.array(list(cells), dtype=np.int64).reshape(-1, 2).T
        values = np.array(list(cells.values()), dtype=np.float32)
        return csr_array(coo_array((values, (at[0], at[1])), shape=(n, n_terms)))

    queries, candidates = rows(n_queries), rows(n_candidates)
    if draw(st.booleans()):
        candidates = csr_array(candidates[np.zeros(n_candidates, dtype=int)])
    excluded = random.random((n_queries, n_candidates)) < draw(st.sampled_from([0.0, 0.1, 0.9]))
    return queries, candidates, draw(st.integers(1, n_candidates + 3)), excluded


def narrow(queries, candidates):
    """Dense, without the columns that nobody uses: the order of the others stays."""
    used = np.union1d(queries.indices, candidates.indices)
    return queries[:, used].toarray(), candidates[:, used].toarray()


@given(crowds(), st.sampled_from([0, 1, 8]), st.sampled_from([64, 128]), st.integers(1, 3))
@settings(max_examples=200)
def test_inverted_index_equals_brute_force_over_tiles_blocks_and_threads(case, rare, n_rows, n_threads):
    queries, candidates, k, excluded = case
    expected = oracle.best(*narrow(queries, candidates), k, set(zip(*np.nonzero(excluded), strict=True)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "RARE", rare)
        patch.setattr(inversion, "_CANDIDATES_A_RARE", 1)
        patch.setattr(inversion, "_PASSED_OVER", 8)
        patch.setattr(prepared, "_BLOCK", 4)
        patch.setattr(prepared, "_PAIRS_OF_A_WORKER", 1)
        built = Candidates.build(candidates, inverted=True, tile=n_rows)
        indices, scores = built.top_k(queries, k, n_threads=n_threads, excluded=csr_array(excluded))
    assert (indices.tolist(), scores.tolist()) == expected


@given(cases())
def test_score_of_a_pair_is_the_same_number_from_either_side(case):
    queries, candidates, _, _ = case

    def scored(result):
        return {
            (row, candidate): score
            for row, (columns, scores) in enumerate(zip(*result, strict=True))
            for candidate, score in zip(columns, scores, strict=True)
            if candidate >= 0
        }

    there = scored(found(queries, candidates, 8))
    back = scored(found(candidates, queries, 8))
    assert there == {(row, column): score for (column, row), score in back.items()}


@given(cases(), st.randoms(use_true_random=False))
def test_order_of_the_candidates_changes_rows_only(case, random):
    queries, candidates, _, _ = case
    order = list(range(candidates.shape[0]))
    random.shuffle(order)
    _, expected = found(queries, candidates, 8)
    indices, scores = found(queries, candidates[order], 8)
    assert scores == expected
    for row, (columns, own) in enumerate(zip(indices, scores, strict=True)):
        for column, score in zip(columns, own, strict=True):
            if column >= 0:
                product = (queries[[row]] @ candidates[[order[column]]].T).toarray()[0, 0]
                assert score == pytest.approx(product, abs=1e-6)


def test_ties_go_to_the_lower_row():
    assert found(np.eye(1, 2), np.tile([0.5, 0.5], (40, 1)), 3) == ([[0, 1, 2]], [[0.5, 0.5, 0.5]])


def test_equal_sums_of_rounded_weights_tie():
    weights = np.array([0.1, 0.2, 0.3, 0.7], dtype=np.float32)
    assert found(weights[[0, 1, 2, 3]][None], np.array([weights[[1, 0, 2, 3]], weights[[0, 1, 2, 3]]]), 2)[
        0
    ] == [[1, 0]]
    same = np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.2, 0.3, 0.1]], dtype=np.float32)
    assert found(np.ones((1, 3), dtype=np.float32), same, 3)[0] == [[0, 1, 2]]


def test_stored_zero_is_no_shared_term():
    zero = csr_array(
        (np.array([0.0, 1.0], dtype=np.float32), (np.array([0, 0]), np.array([0, 1]))), shape=(1, 2)
    )
    assert zero.nnz == 2
    assert found(np.eye(1, 2), zero, 1) == ([[-1]], [[0.0]])
    assert found(zero, np.eye(1, 2), 1) == ([[-1]], [[0.0]])


def test_smallest_weights_still_share_a_term():
    smallest = np.array([[np.finfo(np.float32).smallest_subnormal]], dtype=np.float32)
    assert found(smallest, smallest, 1) == ([[0]], [[0.0]])


def test_weights_stored_in_pieces_are_one_weight():
    cells = coo_array((np.array([0.25, 0.25]), (np.array([0, 0]), np.array([0, 0]))), shape=(1, 1))
    assert found(cells, cells, 1) == ([[0]], [[0.25]])


def test_given_matrices_are_left_as_they_were():
    rows = csr_array(np.array([[0.0, 1.0]]))
    rows.data[0] = 0.0
    top_k(rows, rows, 1, excluded=rows[:, :1])
    assert rows.nnz == 1


@pytest.mark.parametrize(("n_queries", "n_candidates"), [(0, 0), (0, 3), (3, 0)])
def test_nothing_to_compare_finds_nothing(n_queries, n_candidates):
    result = top_k(csr_array((n_queries, 4)), csr_array((n_candidates, 4)), 2)
    assert result.indices.tolist() == [[-1, -1]] * n_queries
    assert result.scores.tolist() == [[0.0, 0.0]] * n_queries


def test_mask_with_stored_false_leaves_nothing_out():
    nothing = csr_array(np.ones((1, 2), dtype=bool))
    nothing.data[0] = False
    assert found(np.ones((1, 1)), np.ones((2, 1)), 2, excluded=nothing) == ([[0, -1]], [[1.0, 0.0]])


@pytest.mark.parametrize(
    ("queries", "candidates", "k", "options", "message"),
    [
        ([[1.0]], [[1.0]], 0, {}, "k must be at least 1, not 0"),
        ([[1.0]], [[1.0]], 1, {"n_threads": 0}, "n_threads must be at least 1, not 0"),
        ([[1.0]], [[1.0, 1.0]], 1, {}, "queries have 1 terms, candidates 2"),
        ([[-1.0]], [[1.0]], 1, {}, "queries have a negative weight"),
        ([[1.0]], [[-1.0]], 1, {}, "candidates have a negative weight"),
        ([[np.nan]], [[1.0]], 1, {}, "queries have a weight that is not finite"),
        ([[1.0]], [[np.inf]], 1, {}, "candidates have a weight that is not finite"),
        ([1.0], [[1.0]], 1, {}, "queries must have two dimensions, not 1"),
        ([[1.0]], [[1.0]], 1, {"excluded": np.ones((1, 2))}, r"excluded has shape \(1, 2\), not \(1, 1\)"),
    ],
)
def test_wrong_input_is_refused(queries, candidates, k, options, message):
    with pytest.raises(ValueError, match=message):
        top_k(np.array(queries), np.array(candidates), k, **options)


@pytest.mark.parametrize("column", [-1, 2])
def test_weight_outside_of_the_columns_is_refused(column):
    rows = csr_array(np.eye(2))
    rows.indices[1] = column
    with pytest.raises(ValueError, match="candidates have a weight outside of their 2 columns"):
        top_k(np.eye(2), rows, 1)


def test_k_that_is_no_whole_number_is_refused():
    with pytest.raises(TypeError, match="integer"):
        top_k(np.eye(1), np.eye(1), 1.5)


def test_error_in_a_step_is_raised(monkeypatch):
    def fail(*_):
        raise MemoryError("too much")

    for name in ("search", "read_rows"):
        monkeypatch.setattr(prepared, name, fail)
    monkeypatch.setattr(prepared, "_BLOCK", 1)
    monkeypatch.setattr(prepared, "_PAIRS_OF_A_WORKER", 1)
    for n_queries in (1, 2):
        for inverted in (True, False):
            with pytest.raises(MemoryError, match="too much"):
                Candidates.build(np.eye(1), inverted=inverted).top_k(np.ones((n_queries, 1)), 1)


def test_every_branch_of_the_compiled_search():
    topk_cases.main()


def test_every_branch_of_the_search_in_plain_python():
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-m", "tests.matching.topk_cases"], check=True, env=environment)


def test_query_of_very_many_terms_reads_every_row():
    wide = np.linspace(0.1, 1.0, 5000, dtype=np.float32)[None]
    candidates = np.repeat(wide, 600, axis=0)
    candidates[:, 0] = np.arange(600) / 600
    assert found(wide, candidates, 2)[0] == [[599, 598]]
    assert Candidates.build(candidates).top_k(wide, 2).indices.tolist() == [[599, 598]]


def test_candidates_can_be_mapped_from_files_and_searched_again(tmp_path):
    queries, rows, _ = topk_cases.drawn(1)
    built = Candidates.build(rows, inverted=True)
    for name, array in built.postings._asdict().items():
        np.save(tmp_path / name, array)
    arrays = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in postings.Postings._fields]
    mapped = Candidates(built.n_terms, built.tile, postings.Postings(*arrays))
    assert found_by(mapped, queries, 7) == found(queries, rows, 7)
    assert (len(mapped), mapped.nbytes) == (len(rows), built.nbytes)


def found_by(candidates, queries, k):
    return tuple(part.tolist() for part in candidates.top_k(queries, k))


def test_many_queries_of_many_candidates_equal_few_of_few():
    queries, rows, _ = topk_cases.drawn(2)
    many_queries, many_rows = np.tile(queries, (10, 1)), np.tile(rows, (3, 1))
    indices, scores = found(many_queries, many_rows, 5)
    assert (indices, scores) == oracle.best(many_queries, many_rows, 5)


def test_weights_that_float32_cannot_hold_are_summed_as_they_are():
    third = np.array([[1 / 3, 1 / 7]])
    expected = float(np.float32(1 / 3 * 0.1 + 1 / 7))
    assert found(third, np.array([[0.1, 1.0]], dtype=np.float32), 1) == ([[0]], [[expected]])
    assert found(np.array([[0.1, 1.0]], dtype=np.float32), third, 1) == ([[0]], [[expected]])


def test_index_takes_less_than_half_of_what_its_candidates_take():
    random = np.random.default_rng(5)
    cells = (random.zipf(1.15, 40_000 * 90) - 1) % 60_000
    at = np.repeat(np.arange(40_000), 90)
    rows = csr_array(coo_array((np.ones(at.size, np.float32), (at, cells)), shape=(40_000, 60_000)))
    built = Candidates.build(rows)
    assert built.nbytes <= 1.5 * (rows.data.nbytes + rows.indices.nbytes + rows.indptr.nbytes)


def test_tiles_are_larger_where_there_would_be_many(monkeypatch):
    for name, value in (("TILE", 64), ("LARGEST_TILE", 256), ("MOST_TILES", 2)):
        monkeypatch.setattr(prepared, name, value)
    tiles = [Candidates.build(np.ones((n, 1)), inverted=True).tile for n in (128, 129, 256, 257, 2000)]
    assert tiles == [64, 128, 128, 256, 256]


@given(st.lists(st.integers(0, 2**16 - 1), min_size=1, max_size=40), st.integers(1, 45))
def test_kth_highest_equals_sorting(numbers, k):
    reached = sorted((number for number in numbers if number >= HIT), reverse=True)
    expected = reached[k - 1] if len(reached) >= k else HIT
    assert tile.kth_highest.py_func(np.array(numbers, np.uint16), len(numbers), k) == expected


@given(st.lists(st.integers(0, 2**16 - 1), min_size=1, max_size=300), st.integers(1, 3))
def test_highest_are_all_that_reach_what_k_reach(numbers, k):
    padded = np.zeros(-(-len(numbers) // 64) * 64, np.uint16)
    padded[: len(numbers)] = numbers
    room = SimpleNamespace(
        accumulator=padded.copy(),
        highest=np.empty(padded.size, np.uint16),
        hits=np.full(padded.size + 1, -1, np.int32),
        bounds=np.full(padded.size + 1, -1, np.int32),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tile, "kth_highest", tile.kth_highest.py_func)
        n_hits = tile.collect_highest.py_func(room, padded.size, k, 1)
    rows, bounds = room.hits[1:n_hits], room.bounds[1:n_hits]
    assert n_hits - 1 >= min(k, int((padded >= HIT).sum()))
    assert (np.sort(rows) == np.flatnonzero(padded >= bounds.min(initial=2**16))).all()
    assert (bounds == padded[rows]).all()
    assert (bounds >= HIT).all()
    assert (room.accumulator == np.where(np.isin(np.arange(padded.size), rows), 0, padded)).all()


@st.composite
def dense_terms(draw):
    """Weights for one level, in whole numbers of a score, that no candidate can bring beyond 16 bits."""
    shares = draw(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9))
    most = draw(st.sampled_from([1e-3, 1.0, 200.0, 32_000.0])) / 255
    levels = st.lists(st.integers(0, 255), min_size=len(shares), max_size=len(shares))
    return [share / max(sum(shares), 1.0) * most for share in shares], draw(st.lists(levels, min_size=1))


@given(dense_terms())
def test_sums_of_dense_terms_are_bounds_of_the_products(case):
    factors, levels = case
    dense = np.array(levels, np.uint8).T
    room = SimpleNamespace(
        terms=np.arange(len(factors)),
        weights=np.ceil(np.array(factors) * 2**16).astype(np.uint32),
        accumulator=np.zeros(len(levels), np.uint16),
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("dense_term", "cut_of", "factor_of"):
            patch.setattr(tile, name, getattr(tile, name).py_func)
        tile.add_dense.py_func(SimpleNamespace(dense=dense), room, 0, len(factors), 0, len(levels))
    exact = np.array(factors) @ dense
    assert (room.accumulator + -(-len(factors) // 4) >= exact).all()
    assert (room.accumulator <= exact * (1 + 1e-9) + query_terms._ROUNDING_OF_DENSE * sum(factors) + 1).all()


@given(crowds(), st.integers(1, 3))
def test_reading_rows_equals_brute_force_over_blocks_and_threads(case, n_threads):
    queries, candidates, k, excluded = case
    expected = oracle.best(*narrow(queries, candidates), k, set(zip(*np.nonzero(excluded), strict=True)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepared, "_BLOCK", 4)
        patch.setattr(prepared, "_PAIRS_OF_A_WORKER", 1)
        built = Candidates.build(candidates, inverted=False)
        indices, scores = built.top_k(queries, k, n_threads=n_threads, excluded=csr_array(excluded))
    assert (indices.tolist(), scores.tolist()) == expected


def test_nobody_can_be_prepared():
    assert found_by(Candidates.build(np.zeros((0, 2)), inverted=True), np.ones((1, 2)), 1) == (
        [[-1]],
        [[0.0]],
    )


@pytest.mark.parametrize(
    ("queries", "options", "message"),
    [
        ([[1.0, 1.0]], {}, "queries have 2 terms, candidates 1"),
        ([[1.0]], {"k": 0}, "k must be at least 1, not 0"),
        ([[-1.0]], {}, "queries have a negative weight"),
        ([[1.0]], {"left_out": np.ones(2, dtype=bool)}, r"left_out has shape \(2,\), not \(1,\)"),
    ],
)
def test_prepared_candidates_refuse_wrong_input(queries, options, message):
    with pytest.raises(ValueError, match=message):
        Candidates.build(np.eye(1)).top_k(np.array(queries), **{"k": 1, **options})


def test_index_is_the_same_whatever_the_threads_and_none_is_refused():
    _, rows, _ = topk_cases.drawn(3)
    alone, together = (Candidates.build(rows, inverted=True, n_threads=n).postings for n in (1, 2))
    for name, array in alone._asdict().items():
        np.testing.assert_array_equal(array, getattr(together, name))
    with pytest.raises(ValueError, match="n_threads must be at least 1, not 0"):
        Candidates.build(rows, n_threads=0)


def test_more_terms_than_offsets_can_count_are_refused():
    with pytest.raises(ValueError, match=r"candidates have shape \(1, 536870912\); the most is"):
        Candidates.build(csr_array((1, 2**29), dtype=np.float32))


def test_machine_code_that_cannot_be_kept_is_made_anew(monkeypatch):
    def njit(*, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    monkeypatch.setattr("matching.compiled.njit", njit)

    def doubled(number):
        return 2 * number

    assert compiled(doubled)(4) == 8


def test_cache_folder_that_cannot_be_written_changes_no_result(tmp_path):
    (tmp_path / "file").write_text("where a folder should be", encoding="utf-8")
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(tmp_path / "file"),
        "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
    }
    script = (
        "import numpy as np; from matching import top_k; from matching.search import search;"
        "print(top_k(np.eye(3), np.eye(3)[::-1], 1).indices.tolist(), type(search._cache).__name__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, env=environment, capture_output=True, text=True
    )
    assert run.stdout.split("\n")[0] == "[[2], [1], [0]] NullCache"


def beyond(tmp_path, name, array):
    """The same numbers from place 2³¹ on, in a file that takes no room on the disk before them."""
    far = np.memmap(tmp_path / name, array.dtype, "w+", shape=(2**31 + array.size,))
    far[2**31 :] = array
    return np.asarray(far)


def test_postings_beyond_two_to_the_31_are_found(tmp_path):
    queries, rows, _ = topk_cases.drawn(1)
    for inverted in (False, True):
        built = Candidates.build(rows, inverted=inverted)
        far = built.postings._replace(
            indptr=built.postings.indptr + 2**31,
            indices=beyond(tmp_path, "indices", built.postings.indices),
            data=beyond(tmp_path, "data", built.postings.data),
        )
        if inverted:
            far = far._replace(
                tile_start=built.postings.tile_start + 2**31,
                local=beyond(tmp_path, "local", built.postings.local),
                level=beyond(tmp_path, "level", built.postings.level),
            )
        moved = Candidates(built.n_terms, built.tile, far)
        assert found_by(moved, queries, 7) == found(queries, rows, 7)


def test_everything_is_compiled_before_somebody_waits(monkeypatch):
    # Another test may have imported it, of which runpy warns.
    monkeypatch.delitem(sys.modules, "matching.warm", raising=False)
    compile_loops.cache_clear()
    runpy.run_module("matching.warm", run_name="__main__")
    loops = (search, read_rows, placement.evict, gap_moves.anneal, obey, tell)
    loops += (add_up, meet, beside, normalise, put)
    before = [len(loop.signatures) for loop in loops]
    assert all(before)
    found(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), 1)
    make_timetable(np.array([[0, 2], [0, 3], [1, 2]]), 2, 1, seconds=0.1)
    assert [len(loop.signatures) for loop in loops] == before


def test_machine_code_is_kept_for_one_state_of_all_files_with_compiled_functions():
    names = {name for name, _, _ in search._cache._cache_file._source_stamp}
    outer = {"heap.py", "inversion.py", "query_terms.py", "scoring.py", "search.py", "tile.py", "loops.py"}
    assert outer | {"postings.py", "room.py", "ragged.py"} <= names
    assert "thesaurus.py" not in names
