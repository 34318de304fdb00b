"""The papers of a forum: each a file in bytes, and all of them in one ZIP.

`language` is the one in which those who run the day read: any of the phrasebook. What a participant takes
home speaks its own.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from service.meetings.papers import archive, calendars, desk, names, workbook
from service.meetings.papers.plan import ForumPlan
from service.meetings.papers.timetables import Timetables
from service.meetings.papers.wording import Wording

PDF_MEDIA_TYPE = "application/pdf"
ICS_MEDIA_TYPE = "text/calendar; charset=utf-8"
ZIP_MEDIA_TYPE = "application/zip"


def personal_timetable(plan: ForumPlan, participant_id: UUID) -> bytes:
    """Set the timetable of a participant as PDF, in the language that it reads.

    Raises KeyError for somebody who does not take part.
    """
    return Timetables(plan).of_one(plan.participants[participant_id])


def personal_timetables(plan: ForumPlan, ids: Sequence[UUID], language: str) -> bytes:
    """Set the timetables of several participants as one PDF, in the order of the pick-up list.

    Raises KeyError for somebody who does not take part, ValueError if nobody is named.
    """
    if not ids:
        raise ValueError("a paper has at least one page")
    wanted = {plan.participants[one].id for one in ids}
    found = [one for one in desk.in_order(plan) if one.id in wanted]
    return Timetables(plan).of_many(found, _wording(plan, language).say("timetables"))


def calendar(plan: ForumPlan, participant_id: UUID) -> bytes:
    """Write the meetings of a participant as ICS.

    Raises KeyError for somebody who does not take part.
    """
    return calendars.calendar(plan, participant_id)


def pick_up_list(plan: ForumPlan, language: str) -> bytes:
    """Set the list by which papers and badges are handed out as PDF, in alphabetical order."""
    return desk.pick_up_list(plan, _wording(plan, language))


def table_signs(plan: ForumPlan, language: str) -> bytes:
    """Set a sign for every meeting table as PDF, with what is held there on its back."""
    return desk.table_signs(plan, _wording(plan, language))


def interpreter_plan(plan: ForumPlan, language: str) -> bytes:
    """Set where and when interpreters are needed as PDF."""
    return desk.interpreter_plan(plan, _wording(plan, language))


def whole_plan(plan: ForumPlan, language: str) -> bytes:
    """Write the whole plan as XLSX."""
    return workbook.whole_plan(plan, _wording(plan, language))


def all_papers(plan: ForumPlan, language: str) -> bytes:
    """Write every paper into one ZIP: lists, all timetables together, files of each participant."""
    return archive.zipped(_members(plan, language), _wording(plan, language).local(plan.released_at))


def paper_name(plan: ForumPlan, paper: str, language: str, ending: str) -> str:
    """Name the file of a paper such as `pick_up`, `signs`, `interpreters`, `plan` or `timetables`."""
    wording = _wording(plan, language)
    said = f"{wording.forum(plan.forum)} - {wording.say(paper)}"
    return f"{names.file_name(wording.marked(said, plan))}.{ending}"


def participant_file_name(plan: ForumPlan, participant_id: UUID, ending: str) -> str:
    """Name the file of a participant by its name.

    Raises KeyError for somebody who does not take part.
    """
    return f"{names.file_name(plan.participants[participant_id].name)}.{ending}"


def _members(plan: ForumPlan, language: str) -> Iterator[tuple[str, bytes]]:
    wording = _wording(plan, language)
    ordered = desk.in_order(plan)
    yield paper_name(plan, "pick_up", language, "pdf"), desk.pick_up_list(plan, wording)
    yield paper_name(plan, "signs", language, "pdf"), desk.table_signs(plan, wording)
    yield paper_name(plan, "interpreters", language, "pdf"), desk.interpreter_plan(plan, wording)
    yield paper_name(plan, "plan", language, "xlsx"), workbook.whole_plan(plan, wording)
    own = dict(zip(ordered, names.different(names.file_name(one.name) for one in ordered), strict=True))
    title = wording.say("timetables")
    for participant, content in Timetables(plan).of_each_and_all(ordered, title):
        if participant is None:
            yield paper_name(plan, "all_timetables", language, "pdf"), content
        else:
            yield f"{title}/{own[participant]}.pdf", content
            calendar_name = f"{wording.say('calendars')}/{own[participant]}.ics"
            yield calendar_name, calendars.calendar(plan, participant.id)


def _wording(plan: ForumPlan, language: str) -> Wording:
    return Wording(language, plan.forum.time_zone)
