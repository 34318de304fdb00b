"""Sends the letters of the outbox to a mail server."""

import html
import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from service.platform import mail
from service.platform.database import Database
from service.platform.mail import Letter
from service.platform.phrasebook import is_right_to_left
from service.settings import Settings, SmtpSecurity

LETTERS_A_CONNECTION = 20
MOST_LETTERS = 10_000
SECONDS_TO_WAIT = 20
PERMANENT = 500
NO_CONNECTION = "no_connection"
REFUSED = "refused"
ADDRESS = "address"
TRY_LATER = "try_later"
_LINK = re.compile(r"https?://\S+")

log = logging.getLogger(__name__)


def send_letters(database: Database, settings: Settings) -> None:
    """Send what is due, some letters a connection, and plan the tries that are left.

    Without a mail server nothing happens: the letters wait in the outbox.
    """
    if not settings.smtp_host:
        return
    while True:
        with database.write() as session:
            letters = mail.claim(session, limit=LETTERS_A_CONNECTION)
        if not letters:
            break
        _send(database, settings, letters)
    with database.write() as session:
        mail.plan(session)


def _send(database: Database, settings: Settings, letters: list[Letter]) -> None:
    left = list(letters)
    try:
        with _connected(settings) as server:
            while left:
                _send_one(database, settings, server, left[0])
                left.pop(0)
    except (OSError, smtplib.SMTPException) as error:
        # The server's words may name a recipient; their class says enough.
        log.warning("the mail server could not be used: %s", type(error).__name__)
        with database.write() as session:
            # All that is due waits for the server together; none of it runs into the same wall next.
            for letter in [*left, *mail.claim(session, limit=MOST_LETTERS)]:
                mail.failed(session, letter.id, NO_CONNECTION, for_good=False)


def _send_one(database: Database, settings: Settings, server: smtplib.SMTP, letter: Letter) -> None:
    """Send one letter over an open connection.

    Raises OSError and SMTPException when the connection is of no use any more.
    """
    failure, for_good = "", False
    try:
        server.send_message(message_of(letter, settings))
    except (smtplib.SMTPNotSupportedError, UnicodeError, ValueError):
        failure, for_good = ADDRESS, True
    except smtplib.SMTPRecipientsRefused as error:
        for_good = all(code >= PERMANENT for code, _ in error.recipients.values())
        failure = REFUSED if for_good else TRY_LATER
    except smtplib.SMTPDataError as error:
        for_good = error.smtp_code >= PERMANENT
        failure = REFUSED if for_good else TRY_LATER
    with database.write() as session:
        if failure:
            log.warning("letter %s was not sent: %s", letter.id, failure)
            mail.failed(session, letter.id, failure, for_good=for_good)
        else:
            mail.sent(session, letter.id)


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    host, port = settings.smtp_host, settings.smtp_port
    trusted = ssl.create_default_context()
    if settings.smtp_security is SmtpSecurity.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_WAIT, context=trusted)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS_TO_WAIT)
    with server:
        if settings.smtp_security is SmtpSecurity.STARTTLS:
            server.starttls(context=trusted)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server


def message_of(letter: Letter, settings: Settings) -> EmailMessage:
    """Build the message of a letter: plain text, and the same as a page in its direction of writing.

    Its id is that of the letter, so that one sent twice after a crash is known as the same.
    """
    name, sender = parseaddr(settings.smtp_from)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = Address(addr_spec=_deliverable(letter.recipient))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(_page(letter), subtype="html", cte="base64")
    # Set before, it would go into the first of the two parts.
    message["Content-Language"] = letter.language
    return message


def _deliverable(address: str) -> str:
    """Write the domain of an address in the letters of the name system."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _page(letter: Letter) -> str:
    direction = "rtl" if is_right_to_left(letter.language) else "ltr"
    body = "\n".join(
        f"<p>{'<br>'.join(_line(line) for line in paragraph.splitlines())}</p>"
        for paragraph in letter.text.split("\n\n")
    )
    return (
        f'<!doctype html>\n<html lang="{letter.language}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{html.escape(letter.subject)}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _line(line: str) -> str:
    found = _LINK.search(line)
    if found is None or found[0] != line.strip():
        # Only a line that is a link is made one: a name that looks like an address stays a name.
        return html.escape(line)
    link = html.escape(found[0])
    return f'<a href="{link}">{link}</a>'
