import json
from pathlib import Path

from service.cli import describe_api

COMMITTED = Path(__file__).parents[2] / "openapi" / "v1.json"


def test_committed_description_of_the_api_is_the_generated_one() -> None:
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(json.dumps(describe_api()))


def test_every_operation_has_a_stable_name_and_a_summary() -> None:
    description = json.loads(COMMITTED.read_text(encoding="utf-8"))
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "__" in name or name.endswith(("_get", "_post"))]
    assert all(operation.get("summary") for operation in operations)


def test_no_schema_of_the_api_holds_what_must_not_be_stored_or_shown() -> None:
    schemas = json.loads(COMMITTED.read_text(encoding="utf-8"))["components"]["schemas"]
    fields = {name for schema in schemas.values() for name in schema.get("properties", {})}
    assert not fields & {"iin", "ethnicity", "nationality", "password", "password_hash", "key_hash"}
    for name in ("EntrepreneurRead", "ExporterRead", "ProfileSummary", "EntryRead", "Partner"):
        assert not [field for field in schemas[name]["properties"] if "contact" in field]
