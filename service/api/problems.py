"""Problems as the API answers them: `application/problem+json`."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from service.platform.http import language_of
from service.platform.problems import PROBLEM_MEDIA_TYPE, NotSignedIn, Problem, ProblemDocument

# Documented on every route of the API.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "model": ProblemDocument,
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
}


def problem_response(request: Request, problem: Problem) -> JSONResponse:
    """Answer with a problem document in the caller's language."""
    language = language_of(request)
    headers = {"Content-Language": language, **problem.headers}
    if isinstance(problem, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        problem.document(language).model_dump(mode="json"),
        status_code=problem.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers,
    )
