"""Personal timetables: each participant's meetings in its own language, with a code to the live page."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import segno

from service.meetings.papers.binding import bound, pages_of
from service.meetings.papers.names import printed
from service.meetings.papers.plan import ForumPlan, PlanMeeting, PlanParticipant
from service.meetings.papers.typesetting import Typesetter
from service.meetings.papers.wording import Wording, wording_of

# One of the eight masks of the standard: trying all of them, as segno does else, takes five times as long.
_MASK = 2


# Typst takes about 2 MB for a participant while it sets a paper.
_BATCH = 20
# To number pages Typst sets everything twice: a timetable of so few lines is one page, and needs no numbers.
_LINES_OF_A_PAGE = 44
_LETTERS_OF_A_LINE = 24


class Timetables:
    """Sets the timetables of one plan, each in the language that its participant reads."""

    def __init__(self, plan: ForumPlan) -> None:
        self._plan = plan
        self._typesetter = Typesetter("timetables.typ", plan.released_at)

    def of_one(self, participant: PlanParticipant) -> bytes:
        """Set what one participant gets, so that it can be read aloud too."""
        return self._alone(self._timetable(participant))

    def of_many(self, participants: Sequence[PlanParticipant], title: str) -> bytes:
        """Set a stack for the printer, in no more memory for more people."""
        return bound([self._together(batch, title) for batch in self._batches(participants)])

    def of_each_and_all(
        self, participants: Sequence[PlanParticipant], title: str
    ) -> Iterator[tuple[PlanParticipant | None, bytes]]:
        """Give the timetable of each participant, and at last the stack of all, which belongs to none.

        Setting a page of its own for everybody would take three times as long; so the pages are taken out
        of the stack, where each participant has one.
        """
        stack = []
        for number, batch in enumerate(self._batches(participants)):
            together = self._together(batch, title)
            stack.append(together)
            own = pages_of(together)
            if len(own) != len(batch):
                own = [self._alone(one) for one in batch]
            yield from zip(participants[number * _BATCH :], own, strict=False)
        if stack:
            yield None, bound(stack)

    def _batches(self, participants: Sequence[PlanParticipant]) -> Iterator[list[dict[str, Any]]]:
        for first in range(0, len(participants), _BATCH):
            yield [self._timetable(one) for one in participants[first : first + _BATCH]]

    def _alone(self, timetable: dict[str, Any]) -> bytes:
        return self._typesetter.pdf({"title": timetable["title"], "timetables": [timetable]}, tagged=True)

    def _together(self, timetables: list[dict[str, Any]], title: str) -> bytes:
        paper = self._typesetter.pdf({"title": title, "timetables": timetables})
        self._typesetter.forget()
        return paper

    def _timetable(self, participant: PlanParticipant) -> dict[str, Any]:
        forum, wording = self._plan.forum, wording_of(participant, self._plan)
        meetings = self._plan.meetings_of[participant.id]
        days = [
            {"title": title, "meetings": [self._meeting(participant, one, wording) for one in group]}
            for title, group in groupby(meetings, lambda one: wording.part(self._plan.slots[one.slot_id]))
        ]
        return wording.paper(self._plan) | {
            "name": printed(participant.name),
            "about": wording.about(participant.side, participant.city, participant.country),
            "place": wording.place(forum.city, forum.host_country),
            "title": wording.say("timetable"),
            "columns": [wording.say(one) for one in ("time", "partner", "table")],
            "numbered": _lines(participant.name, days) > _LINES_OF_A_PAGE,
            "live": wording.say("live"),
            "qr": _qr(participant.live_url),
            "nothing": None if meetings else wording.say("none_yet"),
            "days": days,
        }

    def _meeting(self, reader: PlanParticipant, meeting: PlanMeeting, wording: Wording) -> dict[str, Any]:
        partner = self._plan.partner_of(reader.id, meeting)
        hours = wording.hours(self._plan.slots[meeting.slot_id])
        table = self._plan.tables[meeting.table_id]
        return {
            "starts": hours.starts,
            "ends": hours.ends,
            "partner": printed(partner.name),
            "about": wording.place(partner.city, partner.country),
            "interpreter": wording.interpreter(meeting.interpreter),
            "table": printed(table.label),
            "location": printed(table.location) if table.location else None,
        }


def _lines(name: str, days: list[dict[str, Any]]) -> int:
    """Estimate, rather too high, how many lines a timetable has; the space around a meeting is one more."""
    meetings = [one for day in days for one in day["meetings"]]
    texts = [name, *(one["partner"]["text"] for one in meetings), *(one["table"]["text"] for one in meetings)]
    longer = sum(len(one) // _LETTERS_OF_A_LINE for one in texts)
    return longer + 3 * (len(days) + len(meetings)) + sum(one["interpreter"] is not None for one in meetings)


def _qr(address: str) -> dict[str, Any]:
    dots = segno.make(address, micro=False, mask=_MASK).matrix
    return {"width": len(dots), "dots": [0 if dark else 255 for row in dots for dark in row]}
