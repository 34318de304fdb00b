import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from service.platform.spreadsheets import Sheet, csv_bytes, neutral, without_neutral, xlsx_bytes

HARMFUL = ["=1+1", "+7 701 000 00 00", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "'=1"]


@pytest.mark.parametrize("cell", HARMFUL)
def test_neutral_puts_an_apostrophe_before_a_formula(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Алтын Ара", "'Ұлы дала'", "بال", "蜂蜜", "a=b", "1-2"])
def test_neutral_leaves_plain_text_alone(cell: str) -> None:
    assert neutral(cell) == cell
    assert without_neutral(cell) == cell


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\r\n ＝ab"), st.characters(codec="utf-8"))))
def test_without_neutral_gives_back_what_neutral_took(cell: str) -> None:
    assert without_neutral(neutral(cell)) == cell


def test_csv_bytes_has_byte_order_mark_and_harmless_cells() -> None:
    written = csv_bytes(
        ["name", "=note"],
        [
            ["蜂蜜", "=HYPERLINK(1)"],
            [-0.5, None],
            [True, date(2027, 3, 1)],
            [Decimal("12.50"), 'a "b", c\nd'],
        ],
    )
    assert (
        written
        == (
            '\ufeffname,\'=note\r\n蜂蜜,\'=HYPERLINK(1)\r\n-0.5,\r\n1,2027-03-01\r\n12.50,"a ""b"", c\nd"\r\n'
        ).encode()
    )
    assert len(list(csv.reader(StringIO(written.decode("utf-8-sig"), newline="")))) == 5


def test_xlsx_bytes_writes_formulas_as_text_and_numbers_as_numbers() -> None:
    written = xlsx_bytes(
        [
            Sheet(
                "Парақ",
                ["a", "b"],
                [["=1+1", 2.5], ["0409", None], ["x" * 40_000, date(2027, 3, 1)], [True, ""]],
            )
        ]
    )
    sheet = load_workbook(BytesIO(written))["Парақ"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=3)] == [
        ["a", "b"],
        ["=1+1", 2.5],
        ["0409", None],
    ]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert len(sheet["A4"].value) == 32_767
    assert sheet["B4"].value == "2027-03-01"
    assert (sheet["A5"].value, sheet["B5"].value) == (1, None)


def test_xlsx_bytes_makes_sheet_names_fit_and_differ() -> None:
    written = xlsx_bytes(
        [Sheet("A/B: " + "x" * 40, [], []), Sheet("list", [], []), Sheet("List", [], []), Sheet("??", [], [])]
    )
    assert load_workbook(BytesIO(written)).sheetnames == ["A B  " + "x" * 26, "list", "List 3", "4"]
