from math import isnan, log2
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import relevance

FILES = {
    "entrepreneurs.csv": """external_id,languages,hs_interest,offers_text,seeks_text,text_language
E1,kk,0409,,бал,kk
E2,en,,,steel pipes,en
E3,en,,,,en
""",
    # Written with a byte order mark and out of order, as spreadsheets do.
    "exporters.csv": """\ufeffexternal_id,languages,hs_codes,offers_text,seeks_text,text_language
X4,kk,0409,honey,,en
X3,kk,,балды,,kk
X2,kk,,tau bal,,kk-Latn
X1,ru,,шойын құбыр,,kk
""",
    "relevance.csv": """entrepreneur_id,exporter_id,grade
E1,X2,1
E1,X3,2
E1,X4,1
""",
    "hard_negatives.csv": """entrepreneur_id,exporter_id
E1,X1
E2,X3
""",
}
IDEAL = 3 + 1 / log2(3) + 1 / 2


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_figures_follow_the_protocol(folder):
    rows = relevance.table(relevance.read(folder))
    assert all(list(row) == list(relevance.COLUMNS) for row in rows.values())
    # Scikit-learn finds no common word: all tie, and stand by exporter id.
    assert rows["TfidfVectorizer()"] == pytest.approx(
        dict.fromkeys(relevance.COLUMNS, 1.0)
        | {"nDCG@10": (1 / log2(3) + 3 / 2 + 1 / log2(5)) / IDEAL, "nDCG@10 same language": 1 / log2(3)}
    )
    # One meaning in three languages and scripts; the entrepreneur without a relevant exporter is passed over.
    for method in ("TextVectorizer()", "PartnerIndex"):
        assert rows[method] == pytest.approx(
            dict.fromkeys(relevance.COLUMNS, 1.0) | {"hard negatives": 0.0, "hard above sure": 0.0}
        )


def test_judged_pairs_are_of_profiles_that_are_there():
    judged = relevance.read(Path(relevance.__file__).with_name("judged"))
    exporters = {row["external_id"] for row in judged.exporters}
    entrepreneurs = {row["external_id"] for row in judged.entrepreneurs}
    assert (len(entrepreneurs), len(exporters)) == (60, 72)
    assert judged.grades.keys() == entrepreneurs
    for one, grades in judged.grades.items():
        assert grades.keys() <= exporters
        assert set(grades.values()) <= {1.0, 2.0}
        assert exporters >= set(judged.hard_negatives[one])
        assert grades.keys().isdisjoint(judged.hard_negatives[one])


def test_hard_negative_may_stand_between_the_sure_partner_and_the_last(folder):
    judged = relevance.read(folder)
    columns = [row["external_id"] for row in judged.exporters]
    scores = np.zeros((3, len(columns)))
    scores[0] = [{"X3": 0.9, "X1": 0.5, "X4": 0.4, "X2": 0.3}[one] for one in columns]
    figures = relevance.figures(scores, judged)
    assert (figures["hard negatives"], figures["hard above sure"]) == (1.0, 0.0)


def test_half_of_the_entrepreneurs_can_be_measured(folder):
    halves = [relevance.read(folder, half).entrepreneurs for half in (0, 1)]
    assert [[row["external_id"] for row in half] for half in halves] == [["E1", "E3"], ["E2"]]


def test_group_without_a_case_is_not_a_number(folder):
    (folder / "relevance.csv").write_text("entrepreneur_id,exporter_id,grade\nE1,X3,1\n", encoding="utf-8")
    figures = relevance.table(relevance.read(folder))["TextVectorizer()"]
    assert figures["nDCG@10 same language"] == 1
    assert isnan(figures["nDCG@10 other script"])


def test_rank_below_ten_is_not_found(folder):
    judged = relevance.read(folder)
    better = next(row for row in judged.exporters if row["external_id"] == "X3")
    crowd = [{**better, "external_id": f"X0{n}"} for n in range(10)]
    many = relevance.Judged(
        judged.entrepreneurs, [*crowd, *judged.exporters], judged.grades, judged.hard_negatives
    )
    figures = relevance.figures(relevance.by_index(many), many)
    assert (figures["nDCG@10"], figures["recall@10 same language"]) == (0, 0)


def test_many_ties_stand_by_exporter_id(folder):
    judged = relevance.read(folder)
    silent = [{**judged.exporters[0], "external_id": f"X{n}"} for n in range(10, 60)]
    many = relevance.Judged(judged.entrepreneurs, silent, {"E1": {f"X{n}": 1 for n in range(10, 19)}}, {})
    scores = np.zeros((3, 50))
    scores[:, 49] = 1
    assert relevance.figures(scores, many)["nDCG@10"] == pytest.approx(
        sum(1 / log2(position + 1) for position in range(2, 11))
        / sum(1 / log2(position + 1) for position in range(1, 10))
    )


def test_command_prints_the_table(folder, capsys):
    relevance.main([str(folder)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["nDCG@10", "nDCG@10"]
    assert [line[:24].strip() for line in lines[2:]] == [
        "TfidfVectorizer()",
        "the same, sublinear",
        "the same, char_wb 3–5",
        "TextVectorizer()",
        "PartnerIndex",
    ]
    assert lines[-1].split()[1:] == ["1.000"] * 7 + ["0.000"] * 2
