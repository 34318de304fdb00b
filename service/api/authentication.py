"""Who calls the API: a key in the Authorization header, or the session of a signed-in person."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.accounts import operations as accounts
from service.accounts.schemas import Principal
from service.platform.http import database_of
from service.platform.i18n import message
from service.platform.problems import NotSignedIn

_bearer = HTTPBearer(
    auto_error=False, scheme_name="apiKey", description="Key of an API client: `Authorization: Bearer qh_…`"
)


def current_principal(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Tell who calls, in a transaction of its own that ends before the endpoint begins.

    Raises NotSignedIn.
    """
    if credentials is None:
        raise NotSignedIn(message("Send the key of your API client: Authorization: Bearer qh_…"))
    with database_of(request).read() as session:
        principal = accounts.principal_of_key(session, credentials.credentials)
    if principal is None:
        raise NotSignedIn(message("This key is not known or was taken out of use. Ask for a new one."))
    return principal


Caller = Annotated[Principal, Depends(current_principal)]
