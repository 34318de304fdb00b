import pytest

from tests.benchmarks import cost_model, live_index, profiles
from tests.benchmarks.cost_model import Measured


def test_costs_that_follow_the_formula_are_fitted_exactly(capsys):
    def made_up(n, m, draws):
        terms = 0.8 * draws
        ranking = 2e-11 * n * m * terms + 3e-7 * (n + m) * terms
        return Measured(
            n, m, terms, ranking, 1e-8 * (n + m) * terms, int(10 * (n + m) * terms + 100 * (n + m))
        )

    cost_model.main(["100,200", "1000,200", "--terms", "50", "100"], made_up)
    told = capsys.readouterr().out
    assert told.count("\n| ") == 4 + 1 - 1
    assert "ranking: 2e-11, 3e-07; at most 0% off" in told
    assert "memory: 10, 100; at most 0% off" in told
    assert "80 terms a profile: 4.5 hours of one core" in told


def test_costs_are_measured_on_real_rows():
    found = cost_model.measure(60, 30, 40.0)
    assert (found.n, found.m) == (60, 30)
    assert found.ranking > 0
    assert found.n_bytes > 0


def test_live_index_is_built_mapped_and_asked(monkeypatch, tmp_path, capsys):
    for name, few in (("CHANGES", 6), ("SAVES", 2), ("BEHIND", 2), ("ASKED", 5)):
        monkeypatch.setattr(live_index, name, few)
    live_index._build(tmp_path / "index", 60)
    live_index.live(str(tmp_path / "index"), 60)
    told = capsys.readouterr().out
    for what in ("build", "save", "start: map the files", "saved, then matched", "merge both segments aside"):
        assert what in told


@pytest.mark.parametrize("side", ["entrepreneur", "exporter"])
def test_drawn_profiles_are_the_same_for_a_seed(side):
    first, again = (list(live_index.profiles(5, side, 3)) for _ in range(2))
    assert first == again
    assert len({one.id for one in first}) == 5


def test_reading_is_measured_beside_the_search(monkeypatch, capsys):
    monkeypatch.setattr(profiles, "SINGLE", 5)
    profiles.main(["60"])
    told = capsys.readouterr().out
    for what in ("read and count 60 profiles", "learn and weigh", "vectorising / 10 best", "one text of 60"):
        assert what in told
