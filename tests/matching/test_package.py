import doctest
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

import matching

MODULES = sorted(found.name for found in pkgutil.walk_packages(matching.__path__, "matching."))


def loaded_after(statement):
    script = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, text=True
        ).stdout.split()
    )


@pytest.mark.parametrize("name", ["matching", *MODULES])
def test_doctests(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_every_public_name_is_there():
    assert sorted(matching.__all__) == sorted([*matching._HOMES, "MATCHER_VERSION"])
    for name in matching._HOMES:
        assert getattr(matching, name).__name__ == name


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'matching' has no attribute 'guess'"):
        matching.guess  # noqa: B018 - the access is the test


def test_import_is_quick_as_it_loads_no_array_library():
    loaded = loaded_after("import matching; matching.Profile('a'); matching.MatchConfig()")
    assert not loaded & {"numpy", "scipy", "sklearn", "snowballstemmer"}


def test_package_stands_alone():
    imports = "; ".join(f"import {name}" for name in MODULES)
    assert not loaded_after(imports) & {
        "service",
        "fastapi",
        "starlette",
        "sqlmodel",
        "sqlalchemy",
        "pydantic",
        "httpx",
    }
