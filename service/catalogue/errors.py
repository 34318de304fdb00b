"""What the catalogue refuses."""

from service.platform.i18n import message
from service.platform.problems import Unavailable

SECONDS_UNTIL_NEXT_TRY = 30


class IndexIsBeingMade(Unavailable):
    """The index of all profiles is made aside, which takes longer than a request may wait."""

    code = "index-is-being-made"
    title = message("The index of all profiles is being made")
    retry_after = SECONDS_UNTIL_NEXT_TRY

    def __init__(self) -> None:
        super().__init__(
            message(
                "After a start this may take some minutes. Nothing is lost. Try again in {seconds} seconds.",
                seconds=SECONDS_UNTIL_NEXT_TRY,
            )
        )
