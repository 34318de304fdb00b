"""Personal timetables: each participant's meetings in its own language, with a code to the live page."""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import Any
from uuid import UUID

import segno
from pypdfium2 import PdfDocument

from service.meetings.papers.names import printed
from service.meetings.papers.plan import ForumPlan, PlanMeeting, PlanParticipant
from service.meetings.papers.typesetting import Typesetter
from service.meetings.papers.wording import Wording, wording_of

# One of the eight masks of the standard: trying all of them, as segno does else, takes five times as long.
_MASK = 2


# Typst takes about 2 MB for a participant while it sets a paper.
_BATCH = 50
# So many meetings fit on one page unless every name is very long; what is one page needs no numbers, and to
# number pages Typst sets everything twice.
_ON_ONE_PAGE = 6

# PDFium is not made for threads.
_ONE_AT_A_TIME = Lock()


class Timetables:
    """Sets the timetables of one plan: many in one paper, or one after the other."""

    def __init__(self, plan: ForumPlan) -> None:
        self._plan = plan
        self._typesetter = Typesetter("timetables.typ", plan.released_at)

    def of_one(self, participant_id: UUID) -> bytes:
        """Set what one participant gets, so that it can be read aloud too.

        Raises KeyError for somebody who does not take part.
        """
        timetable = self._timetable(self._plan.participants[participant_id])
        return self._typesetter.pdf({"title": timetable["title"], "timetables": [timetable]}, tagged=True)

    def of_many(self, ids: Sequence[UUID], title: str) -> bytes:
        """Set a stack for the printer, batch by batch, so that it takes no more memory for more people.

        Raises KeyError for somebody who does not take part.
        """
        found = [self._plan.participants[one] for one in ids]
        batches = []
        for first in range(0, len(found), _BATCH):
            batch = [self._timetable(one) for one in found[first : first + _BATCH]]
            batches.append(self._typesetter.pdf({"title": title, "timetables": batch}))
            self._typesetter.forget()
        return _bound(batches)

    def _timetable(self, participant: PlanParticipant) -> dict[str, Any]:
        forum, wording = self._plan.forum, wording_of(participant, self._plan)
        meetings = self._plan.meetings_of[participant.id]
        return wording.paper(self._plan) | {
            "name": printed(participant.name),
            "about": wording.about(participant.side, participant.city, participant.country),
            "place": wording.place(forum.city, forum.host_country),
            "title": wording.say("timetable"),
            "columns": [wording.say(one) for one in ("time", "partner", "table")],
            "numbered": len(meetings) > _ON_ONE_PAGE,
            "live": wording.say("live"),
            "qr": _qr(participant.live_url),
            "nothing": None if meetings else wording.say("none_yet"),
            "days": [
                {"title": title, "meetings": [self._meeting(participant, one, wording) for one in group]}
                for title, group in groupby(meetings, lambda one: wording.part(self._plan.slots[one.slot_id]))
            ],
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


def _bound(papers: Sequence[bytes]) -> bytes:
    if len(papers) == 1:
        return papers[0]
    target = BytesIO()
    with _ONE_AT_A_TIME, PdfDocument(papers[0]) as stack:
        for paper in papers[1:]:
            with PdfDocument(paper) as pages:
                stack.import_pages(pages)
        stack.save(target)
    return target.getvalue()


def _qr(address: str) -> dict[str, Any]:
    dots = segno.make(address, micro=False, mask=_MASK).matrix
    return {"width": len(dots), "dots": [0 if dark else 255 for row in dots for dark in row]}
