"""What can go wrong, as RFC 9457 problem documents with stable codes and localised sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from service.platform.i18n import Message, message

PROBLEM_MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One thing that is wrong with one field of the input."""

    pointer: str = Field(description="JSON pointer to the field (RFC 6901).")
    code: str = Field(description="Stable code of the mistake.")
    message: str = Field(description="What is wrong and what would be right, in the caller's language.")


class ProblemDocument(BaseModel):
    """Problem details as in RFC 9457."""

    type: str = Field(description="Stable identifier of the kind of problem.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="HTTP status code.")
    detail: str = Field(description="What happened this time and what to do.")
    errors: list[FieldProblem] = Field(description="The fields that are wrong, if fields are.")


@dataclass(frozen=True)
class FieldError:
    """A field's mistake before it is put into a language."""

    path: tuple[str | int, ...]
    code: str
    message: Message

    @property
    def pointer(self) -> str:
        """JSON pointer to the field."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.path)

    def shown(self, language: str) -> FieldProblem:
        """Say it in a language."""
        return FieldProblem(pointer=self.pointer, code=self.code, message=self.message.text(language))


class InvalidValueError(ValueError):
    """Raised by a validator: a stable code and a sentence that says what would be right."""

    def __init__(self, code: str, sentence: Message) -> None:
        super().__init__(str(sentence))
        self.code = code
        self.sentence = sentence


class Problem(Exception):  # noqa: N818 - the standard's own word for it
    """Something the caller must be told; faces turn it into a document or a page."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-request"
    title = message("The request cannot be carried out")
    retry_after: int | None = None
    """In how many seconds trying again may help, where that is known."""

    def __init__(
        self, detail: Message, errors: Sequence[FieldError] = (), *, retry_after: int | None = None
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.errors = tuple(errors)
        seconds = self.retry_after if retry_after is None else retry_after
        self.headers = {} if seconds is None else {"Retry-After": str(seconds)}

    def document(self, language: str) -> ProblemDocument:
        """Build the problem document in a language."""
        return ProblemDocument(
            type=f"urn:qazaq-house:problem:{self.code}",
            title=self.title.text(language),
            status=self.status,
            detail=self.detail.text(language),
            errors=[error.shown(language) for error in self.errors],
        )


class InvalidInput(Problem):
    """The input has fields that are wrong."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid-input"
    title = message("Some fields are not right")

    def __init__(self, errors: Sequence[FieldError], detail: Message | None = None) -> None:
        super().__init__(detail or message("Mend the fields that are named and send it again."), errors)


class NotSignedIn(Problem):
    """Nobody is signed in, or the key is not valid."""

    status = HTTPStatus.UNAUTHORIZED
    code = "not-signed-in"
    title = message("Sign in first")


class NotAllowed(Problem):
    """The caller is known and may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "not-allowed"
    title = message("This is not yours to do")


class NotFound(Problem):
    """There is no such thing, or the caller may not know of it."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"
    title = message("Not found")


class Conflict(Problem):
    """The state of things does not allow it now."""

    status = HTTPStatus.CONFLICT
    code = "conflict"
    title = message("This does not fit what is already saved")


class NotJson(Problem):
    """The body is announced as something else than JSON."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "not-json"
    title = message("This is not JSON")

    def __init__(self) -> None:
        super().__init__(message("Send JSON, with the header Content-Type: application/json."))


class TooLarge(Problem):
    """The request is larger than the service takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = message("This is too large")


class TooManyAttempts(Problem):
    """The caller must wait."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-attempts"
    title = message("Too many attempts")


class Unavailable(Problem):
    """The service cannot answer now; trying again may help."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    title = message("The service is busy")
    retry_after = 5


class InternalProblem(Problem):
    """The service failed."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal"
    title = message("Something went wrong on our side")


# Sentences for pydantic's own mistakes; the others carry their sentence themselves.
_PYDANTIC_SENTENCES = {
    "missing": message("This is needed."),
    "extra_forbidden": message("There is no such field; check its spelling or leave it out."),
    "string_too_long": message("This is too long: at most {max_length} characters."),
    "string_too_short": message("This is needed."),
    "string_type": message("Give this as text."),
    "int_parsing": message("Give a whole number, such as 12."),
    "int_from_float": message("Give a whole number, such as 12."),
    "int_type": message("Give a whole number, such as 12."),
    "decimal_parsing": message("Give a number, such as 12.5, with no mark between thousands."),
    "decimal_type": message("Give a number, such as 12.5."),
    "finite_number": message("Give a number, such as 12.5."),
    "int_parsing_size": message("This number has too many digits."),
    "decimal_max_digits": message("This number has too many digits."),
    "decimal_whole_digits": message("This number has too many digits."),
    "decimal_max_places": message("This number has too many digits after the point."),
    "greater_than_equal": message("This must be {ge} or more."),
    "greater_than": message("This must be more than {gt}."),
    "less_than_equal": message("This must be {le} or less."),
    "bool_parsing": message("Give 1 for yes or 0 for no."),
    "bool_type": message("Give true or false."),
    "enum": message("This is not one of the choices: {expected}."),
    "literal_error": message("This is not one of the choices: {expected}."),
    "list_type": message("Give a list."),
    "too_long": message("There are too many: at most {max_length}."),
    "too_short": message("At least {min_length} is needed: choose or enter it."),
    "secret_too_short": message("This is too short: at least {min_length} characters."),
    "secret_too_long": message("This is too long: at most {max_length} characters."),
    "date_from_datetime_parsing": message("Give a date as YYYY-MM-DD, such as 2027-03-01."),
    "date_from_datetime_inexact": message("Give a date as YYYY-MM-DD, such as 2027-03-01."),
    "date_parsing": message("Give a date as YYYY-MM-DD, such as 2027-03-01."),
    "date_type": message("Give a date as YYYY-MM-DD, such as 2027-03-01."),
    "datetime_from_date_parsing": message("Give day and time as YYYY-MM-DDTHH:MM, such as 2027-03-01T09:30."),
    "datetime_parsing": message("Give day and time as YYYY-MM-DDTHH:MM, such as 2027-03-01T09:30."),
    "datetime_type": message("Give day and time as YYYY-MM-DDTHH:MM, such as 2027-03-01T09:30."),
    "json_invalid": message("This is not valid JSON."),
    "model_attributes_type": message("Give an object with named fields."),
    "dict_type": message("Give an object with named fields."),
    "string_unicode": message("This text has letters that cannot be stored; save it as UTF-8."),
    "uuid_parsing": message("This is not an identifier of ours."),
    "uuid_type": message("This is not an identifier of ours."),
}
_OTHER_MISTAKE = message("This value cannot be used.")


def _kind_of(detail: ErrorDetails) -> str:
    """Tell what is wrong as a person would say it; pydantic's own kind is the code that programs get."""
    if detail.get("input") == "":
        return "missing"
    # Of secrets, too, pydantic says that they hold too few things.
    of_a_secret = detail.get("ctx", {}).get("field_type") == "Value"
    return f"secret_{detail['type']}" if of_a_secret else detail["type"]


def field_errors(details: Iterable[ErrorDetails], *, skip: int = 0) -> list[FieldError]:
    """Turn pydantic's errors into ours; `skip` drops leading path steps such as `body`."""
    found = []
    for detail in details:
        context: dict[str, Any] = detail.get("ctx", {})
        cause = context.get("error")
        # Of text that is no JSON pydantic tells the place in it, which is no field.
        path = () if detail["type"] == "json_invalid" else tuple(detail["loc"][skip:])
        if isinstance(cause, InvalidValueError):
            found.append(FieldError(path, cause.code, cause.sentence))
            continue
        known = _PYDANTIC_SENTENCES.get(_kind_of(detail), _OTHER_MISTAKE)
        shown = dict(context)
        if "expected" in shown:
            # Pydantic joins the last two choices by an English word.
            shown["expected"] = str(shown["expected"]).replace("' or '", "', '")
        found.append(FieldError(path, detail["type"], Message(known.template, shown)))
    return found


def invalid_input(error: ValidationError) -> InvalidInput:
    """Turn a pydantic error into the problem that the caller is told."""
    return InvalidInput(field_errors(error.errors(include_url=False)))


def database_problem(error: Exception) -> Problem:
    """Say what a database error means for the caller; its text, which may hold data, is left out."""
    if isinstance(error, StaleDataError):
        return Conflict(
            message("Somebody else changed this in the meantime. Open it again and repeat your change.")
        )
    if isinstance(error, IntegrityError):
        return Conflict(message("This clashes with something that was saved at the same time. Try again."))
    if isinstance(error, OperationalError):
        return Unavailable(message("The database did not answer in time. Nothing was saved. Try again."))
    return InternalProblem(message("Nothing was saved. Try again; if it stays, tell the administrator."))
