"""A form between two requests: what was typed, what is wrong with it, and where."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from service.accounts.schemas import Principal
from service.platform.database import WritingSession
from service.platform.http import Language
from service.platform.i18n import Message
from service.platform.problems import Conflict, FieldError, InvalidInput, field_errors
from service.web.authentication import FORM_TOKEN_FIELD, FilledForm, User

LIST_SEPARATOR = ";"
_MOST_DIGITS = 9

T = TypeVar("T", bound=BaseModel)


class Mistake(NamedTuple):
    """What is wrong with one field of a form."""

    name: str
    message: Message


@dataclass
class Form:
    """Values by field name, as they were typed, with the mistakes found."""

    values: dict[str, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    @classmethod
    def of(cls, sent: FormData) -> Self:
        """Read what was typed; several values of one name are joined by `;`."""
        values: dict[str, list[str]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, str) and name != FORM_TOKEN_FIELD:
                values.setdefault(name, []).append(value)
        return cls({name: LIST_SEPARATOR.join(one for one in given if one) for name, given in values.items()})

    def value(self, name: str, default: str = "") -> str:
        """Give what was typed into a field."""
        return self.values.get(name, default)

    def chosen(self, name: str) -> list[str]:
        """Give the several values of a field."""
        return [part.strip() for part in self.value(name).split(LIST_SEPARATOR) if part.strip()]

    @property
    def revision(self) -> int | None:
        """The revision of its subject that the form was made from."""
        return whole(self.value("revision"))

    def mistake(self, name: str) -> Message | None:
        """Give what is wrong with a field."""
        return next((one.message for one in self.mistakes if one.name == name), None)

    def add(self, errors: Iterable[FieldError], name_of: Callable[[FieldError], str] | None = None) -> None:
        """Take mistakes over, each to its field."""
        for error in errors:
            name = name_of(error) if name_of else ".".join(map(str, error.path[:1]))
            self.mistakes.append(Mistake(name, error.message))


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in and asks for a page, and the language of the page."""

    request: Request
    user: Principal
    language: str


@dataclass(frozen=True)
class Submission(Visit):
    """A visit that sends a form."""

    form: Form

    def checked(self, schema: type[T], *names: str) -> T:
        """Build what an operation takes from the named fields that are filled in.

        Raises InvalidInput.
        """
        return checked(schema, given(self.form.values, names))

    @property
    def revision(self) -> int | None:
        """The revision of its subject that the form was made from."""
        return self.form.revision

    def carry_out(
        self,
        session: WritingSession,
        field: str,
        change: Callable[[], object],
        name_of: Callable[[FieldError], str] | None = None,
    ) -> int | None:
        """Carry a change out, or take it back and give the status of the answer.

        What is wrong goes into the form: to the field that it concerns, or else to the one that is named.
        """
        try:
            change()
        except (InvalidInput, Conflict) as problem:
            self.form.add(problem.errors or [FieldError((field,), problem.code, problem.detail)], name_of)
            session.rollback()
            return problem.status
        return None


def _visit(request: Request, user: User, language: Language) -> Visit:
    return Visit(request, user, language)


def _submission(request: Request, user: User, language: Language, sent: FilledForm) -> Submission:
    return Submission(request, user, language, Form.of(sent))


CurrentVisit = Annotated[Visit, Depends(_visit)]
Submitted = Annotated[Submission, Depends(_submission)]


def checked(schema: type[T], values: Mapping[str, object]) -> T:
    """Build what an operation takes.

    Raises InvalidInput.
    """
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(field_errors(error.errors(include_url=False))) from None


def whole(typed: str) -> int | None:
    """Read a whole number that our own pages write, such as a page or a revision; anything else is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS else None


def given(values: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Keep the named fields that are filled in."""
    return {name: values[name] for name in names if values.get(name, "").strip()}


def wall_clock(moment: datetime, time_zone: str) -> str:
    """Write a moment as the field of a form takes it: by the clocks of a zone."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%dT%H:%M")
