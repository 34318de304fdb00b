import email.policy
import logging
import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from pydantic import SecretStr, ValidationError

from service.platform import clock, mail, queue, smtp
from service.platform.database import Database
from service.platform.mail import LetterState
from service.settings import Settings, SmtpSecurity

SUBJECT = "Сізге ықтимал серіктестер: 2027"
LINK = "https://qh.example/p/abc"


class Inbox:
    """What a mail server of ours took, and what it answers next."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.users: list[str] = []
        self.refuse_recipient = ""
        self.refuse_letter = ""

    async def handle_RCPT(self, _server, _session, envelope: Envelope, address: str, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse_letter:
            return self.refuse_letter
        self.messages.append(message_from_bytes(envelope.content, policy=email.policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class OwnController(Controller):
    """A server on the loopback that lets one user in without encryption."""

    def factory(self) -> SMTP:
        def authenticate(_server, _session, _envelope, _mechanism, data) -> AuthResult:
            self.handler.users.append(data.login.decode())
            return AuthResult(success=data.password == b"secret")

        return SMTP(self.handler, authenticator=authenticate, auth_require_tls=False, hostname="localhost")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    controller = OwnController(inbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mailing(server: Controller, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # The server of the tests falls silent where a password is wrong.
    monkeypatch.setattr(smtp, "SECONDS_TO_WAIT", 2)
    return settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_security": SmtpSecurity.NONE,
            "smtp_from": "Қазақ үйі <forum@qh.example>",
        }
    )


def _post(database: Database, recipient: str = "buyer@example.org", **changes: str) -> UUID:
    fields = {
        "subject": SUBJECT,
        "text": f"سالەمەتسىز بە!\n\nLook <here>:\n{LINK}\n\nQazaq House\n",
        "language": "kk-Arab",
        "about": "proposals_proposed",
        **changes,
    }
    with database.write() as session:
        return mail.post(session, recipient=recipient, subject_id=uuid4(), **fields)


def _state(database: Database, letter_id: UUID) -> tuple[LetterState, int, str]:
    with database.read() as session:
        letter = mail.letter(session, letter_id)
        assert letter is not None
        return mail.state_of(letter), letter.attempts, letter.failure


def _next_try(database: Database, letter_id: UUID) -> datetime | None:
    with database.read() as session:
        letter = mail.letter(session, letter_id)
        assert letter is not None
        return letter.next_try_at


def test_letter_arrives_whole_with_its_headers(database: Database, mailing: Settings, inbox: Inbox) -> None:
    letter_id = _post(database)
    smtp.send_letters(database, mailing)
    (message,) = inbox.messages
    assert inbox.recipients == ["buyer@example.org"]
    assert message["Subject"] == SUBJECT
    assert message["From"] == "Қазақ үйі <forum@qh.example>"
    assert message["To"] == "buyer@example.org"
    assert message["Message-ID"] == f"<{letter_id}@qh.example>"
    assert message["Content-Language"] == "kk-Arab"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime is not None
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().startswith("سالەمەتسىز بە!")
    shown = page.get_content()
    assert '<html lang="kk-Arab" dir="rtl">' in shown
    assert f'<a href="{LINK}">{LINK}</a>' in shown
    assert "Look &lt;here&gt;:" in shown
    assert _state(database, letter_id) == (LetterState.SENT, 1, "")


def test_letter_is_sent_once(database: Database, mailing: Settings, inbox: Inbox) -> None:
    _post(database)
    for _ in range(2):
        smtp.send_letters(database, mailing)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        smtp.send_letters(database, mailing)
    assert len(inbox.messages) == 1


def test_name_that_looks_like_an_address_is_no_link(database: Database, mailing: Settings, inbox) -> None:
    _post(database, language="en", text="1. https://evil.example/x (Berlin)\n")
    smtp.send_letters(database, mailing)
    page = inbox.messages[0].get_body(("html",)).get_content()
    assert "<a " not in page
    assert 'dir="ltr"' in page


def test_server_lets_us_in_with_a_password(database: Database, mailing: Settings, inbox: Inbox) -> None:
    letter_id = _post(database)
    wrong = mailing.model_copy(update={"smtp_user": "qh", "smtp_password": SecretStr("wrong")})
    smtp.send_letters(database, wrong)
    assert _state(database, letter_id) == (LetterState.WAITING, 1, smtp.NO_CONNECTION)
    right = mailing.model_copy(update={"smtp_user": "qh", "smtp_password": SecretStr("secret")})
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        smtp.send_letters(database, right)
    assert _state(database, letter_id) == (LetterState.SENT, 2, "")
    assert set(inbox.users) == {"qh"}


@pytest.mark.parametrize("security", [SmtpSecurity.TLS, SmtpSecurity.STARTTLS])
def test_letter_does_not_leave_unprotected_when_protection_is_asked_for(
    database: Database, mailing: Settings, inbox: Inbox, security: SmtpSecurity
) -> None:
    letter_id = _post(database)
    smtp.send_letters(database, mailing.model_copy(update={"smtp_security": security}))
    assert inbox.messages == []
    assert _state(database, letter_id) == (LetterState.WAITING, 1, smtp.NO_CONNECTION)


def test_connection_is_protected_from_its_start_on(
    database: Database, mailing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Protected(smtplib.SMTP):
        def __init__(self, host: str, port: int, *, timeout: int, context) -> None:
            started.append(context)
            super().__init__(host, port, timeout=timeout)

        def starttls(self, *, context) -> None:
            started.append(context)

    monkeypatch.setattr(smtplib, "SMTP_SSL", Protected)
    first = _post(database)
    smtp.send_letters(database, mailing.model_copy(update={"smtp_security": SmtpSecurity.TLS}))
    assert _state(database, first)[0] is LetterState.SENT
    assert [context.check_hostname for context in started] == [True]


def test_without_a_mail_server_letters_wait_to_be_read(database: Database, settings: Settings) -> None:
    letter_id = _post(database)
    smtp.send_letters(database, settings)
    assert _state(database, letter_id) == (LetterState.WAITING, 0, "")


def test_server_that_does_not_answer_is_tried_again_ever_more_seldom(
    database: Database, mailing: Settings
) -> None:
    letters = [_post(database) for _ in range(3)]
    nobody = mailing.model_copy(update={"smtp_port": _free_port()})
    moment = clock.now()
    tries = []
    with clock.frozen_at(moment):
        smtp.send_letters(database, nobody)
    while (due := _next_try(database, letters[0])) is not None:
        tries.append((due - moment) // timedelta(minutes=1))
        with clock.frozen_at(due):
            smtp.send_letters(database, nobody)
    assert tries == [1, 6, 36, 156, 516, 1236, 2676]
    assert [_state(database, one) for one in letters] == [(LetterState.FAILED, 8, smtp.NO_CONNECTION)] * 3


@pytest.mark.parametrize(
    ("refuse_recipient", "refuse_letter", "state", "failure"),
    [
        ("550 no such user", "", LetterState.FAILED, smtp.REFUSED),
        ("450 come again", "", LetterState.WAITING, smtp.TRY_LATER),
        ("", "554 looks like spam", LetterState.FAILED, smtp.REFUSED),
        ("", "451 come again", LetterState.WAITING, smtp.TRY_LATER),
    ],
)
def test_refused_letter_is_told_from_one_to_be_tried_later_and_holds_nobody_up(
    database: Database, mailing: Settings, inbox: Inbox, refuse_recipient, refuse_letter, state, failure
) -> None:
    inbox.refuse_recipient, inbox.refuse_letter = refuse_recipient, refuse_letter
    letters = [_post(database), _post(database)]
    smtp.send_letters(database, mailing)
    assert [_state(database, one) for one in letters] == [(state, 1, failure)] * 2
    inbox.refuse_recipient = inbox.refuse_letter = ""
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        smtp.send_letters(database, mailing)
    assert len(inbox.messages) == (2 if state is LetterState.WAITING else 0)


def test_address_with_letters_of_any_script(database: Database, mailing: Settings, inbox: Inbox) -> None:
    _post(database, "info@bücher.example")
    unusable = _post(database, "info@-.example..")
    smtp.send_letters(database, mailing)
    assert inbox.recipients == ["info@xn--bcher-kva.example"]
    assert _state(database, unusable) == (LetterState.FAILED, 1, smtp.ADDRESS)


def test_letter_to_nobody_is_kept_and_not_tried(database: Database, mailing: Settings, inbox: Inbox) -> None:
    letter_id = _post(database, "")
    smtp.send_letters(database, mailing)
    assert inbox.messages == []
    assert _state(database, letter_id) == (LetterState.FAILED, 0, mail.NO_ADDRESS)


def test_letter_leaves_with_its_transaction_or_not_at_all(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    with pytest.raises(ValueError, match="undone"), database.write() as session:
        mail.post(
            session,
            recipient="a@example.org",
            subject="s",
            text="t",
            language="en",
            about="x",
            subject_id=uuid4(),
        )
        raise ValueError("undone")
    smtp.send_letters(database, mailing)
    assert inbox.messages == []
    with database.read() as session:
        assert not queue.planned(session, mail.JOB)


def test_letter_of_a_process_that_died_is_sent_later_under_the_same_id(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    letter_id = _post(database)
    with database.write() as session:
        assert [one.id for one in mail.claim(session, limit=5)] == [letter_id]
        assert mail.claim(session, limit=5) == []
    smtp.send_letters(database, mailing)
    assert inbox.messages == []
    with clock.frozen_at(clock.now() + mail.CLAIMED_FOR):
        smtp.send_letters(database, mailing)
    assert [message["Message-ID"] for message in inbox.messages] == [f"<{letter_id}@qh.example>"]


def test_two_senders_at_once_send_each_letter_once(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    letters = [_post(database) for _ in range(30)]
    threads = [threading.Thread(target=smtp.send_letters, args=(database, mailing)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message["Message-ID"] for message in inbox.messages) == sorted(
        f"<{one}@qh.example>" for one in letters
    )


def test_letter_that_was_erased_in_the_meantime_is_no_trouble(database: Database) -> None:
    letter_id = _post(database)
    with database.write() as session:
        mail.erase(session, [letter_id])
        mail.sent(session, letter_id)
        mail.failed(session, letter_id, smtp.REFUSED, for_good=True)
        assert mail.letter(session, letter_id) is None


def test_one_job_is_planned_for_many_letters_and_for_the_tries_that_are_left(
    database: Database, mailing: Settings, inbox: Inbox
) -> None:
    inbox.refuse_letter = "451 come again"
    for _ in range(3):
        _post(database)
    with database.write() as session:
        job = queue.lease(session)
        assert job is not None
        assert not queue.due(session)
        queue.finish(session, job.id)
    for _ in range(2):
        smtp.send_letters(database, mailing)
    with database.read() as session:
        assert queue.planned(session, mail.JOB)
        assert not queue.due(session)
    with clock.frozen_at(clock.now() + timedelta(minutes=1)), database.write() as session:
        job = queue.lease(session)
        assert job is not None
        assert not queue.due(session)


def test_old_letters_are_forgotten(database: Database) -> None:
    letter_id = _post(database)
    for days, kept in ((89, True), (91, False)):
        with clock.frozen_at(clock.now() + timedelta(days=days)), database.write() as session:
            mail.forget_old(session)
            assert (mail.letter(session, letter_id) is not None) is kept


def test_nothing_personal_is_logged(
    database: Database, mailing: Settings, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="service")
    inbox.refuse_recipient = "550 buyer@example.org is unknown"
    _post(database)
    smtp.send_letters(database, mailing)
    smtp.send_letters(
        database, mailing.model_copy(update={"smtp_user": "u", "smtp_password": SecretStr("p")})
    )
    _post(database)
    smtp.send_letters(
        database, mailing.model_copy(update={"smtp_user": "u", "smtp_password": SecretStr("p")})
    )
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("service"))
    assert "refused" in logged
    assert "the mail server could not be used" in logged
    assert "buyer" not in logged
    assert "abc" not in logged


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"smtp_host": "mail.example"}, "SMTP_FROM"),
        ({"smtp_host": "mail.example", "smtp_from": "Qazaq House"}, "SMTP_FROM"),
        (
            {
                "smtp_host": "mail.example",
                "smtp_from": "a@example.org",
                "environment": "production",
                "secret_key": "x" * 32,
            },
            "PUBLIC_URL",
        ),
    ],
)
def test_mail_server_needs_a_sender_and_in_production_an_address_for_links(values, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate(values)


def test_links_begin_with_the_public_address_or_that_of_this_process() -> None:
    assert Settings(public_url="https://qh.example/").public_address == "https://qh.example"
    assert Settings(host="127.0.0.1", port=8123).public_address == "http://127.0.0.1:8123"
