"""A file of real orders is taken whole or not at all, and its faults are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.base.errors import InputError
from kds.sim.orders_csv import orders_of, parse_columns, read_sales
from tests.support.garbage import many, texts

HEADER = "id,date,time,name,size,type,price\n"
GOOD = (
    HEADER
    + "1,2015-11-27,11:30:00,thai_ckn,L,chicken,20.75\n"
    + "1,2015-11-27,11:30:00,thai_ckn,L,chicken,20.75\n"
    + "1,2015-11-27,11:30:00,hawaiian,M,classic,13.25\n"
    + "2,2015-11-27,12:00:30,hawaiian,S,classic,10.5\n"
    + "3,2015-11-28,09:00:00,hawaiian,S,classic,10.5\n"
)


@pytest.fixture
def write(tmp_path: Path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "orders.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_equal_lines_of_an_order_become_one_line_with_their_quantity(write) -> None:
    first, second = orders_of(read_sales(write(GOOD)), date(2015, 11, 27))
    assert [(line.name, line.variant, line.qty, line.price) for line in first.lines] == [
        ("Thai Ckn", "L", 2, 2075),
        ("Hawaiian", "M", 1, 1325),
    ]
    assert (first.at_s, second.at_s) == (0, 1830)


def test_the_first_day_is_played_when_none_is_named(write) -> None:
    assert len(orders_of(read_sales(write(GOOD)))) == 2


def test_a_day_without_orders_says_which_days_there_are(write) -> None:
    with pytest.raises(InputError, match="2016-01-01; the file covers 2015-11-27 to 2015-11-28"):
        orders_of(read_sales(write(GOOD)), date(2016, 1, 1))


def test_a_missing_column_is_named_with_those_that_are_there(write) -> None:
    with pytest.raises(InputError, match=r"no column 'price'.*id, date, time, name, size, type"):
        read_sales(write(GOOD.replace(",price", ",cost")))


def test_other_column_names_can_be_given(write) -> None:
    sales = read_sales(write(GOOD.replace("price", "cost")), parse_columns("price=cost"))
    assert len(sales) == 5


def test_an_unknown_column_mapping_says_what_is_allowed() -> None:
    with pytest.raises(InputError, match=r"'colour=red'.*id, date, time, name, size, type, price"):
        parse_columns("colour=red")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("10.5\n3,", "-10.5\n3,", r"line 5: the price -10\.5 is negative"),
        ("10.5\n3,", "ten\n3,", "line 5: 'ten' is not an amount"),
        ("10.5\n3,", "10.505\n3,", "line 5: '10.505' is not a whole number"),
        ("10.5\n3,", "NaN\n3,", "line 5: 'NaN' is not"),
        ("12:00:30", "25:00:00", "line 5: hour must be in"),
        ("2015-11-28", "28.11.2015", "line 6: Invalid isoformat"),
        ("2,2015-11-27", ",2015-11-27", "line 5: the order id"),
        ("3,2015-11-28", '3,"2015-11-28', "line 6: unexpected end of data"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(write, old, new, said) -> None:
    with pytest.raises(InputError, match=said):
        read_sales(write(GOOD.replace(old, new, 1)))


def test_another_encoding_is_named_with_its_line(write) -> None:
    broken = GOOD.replace("hawaiian,S", "jalapeño,S", 1).encode("latin-1")
    with pytest.raises(InputError, match=r"line 5: not UTF-8 text \(byte 0xf1\).*nothing was imp"):
        read_sales(write(broken))


def test_a_byte_order_mark_is_no_part_of_the_first_column(write) -> None:
    assert len(read_sales(write(b"\xef\xbb\xbf" + GOOD.encode()))) == 5


@pytest.mark.parametrize("content", ["", HEADER])
def test_an_empty_file_is_refused(write, content) -> None:
    with pytest.raises(InputError):
        read_sales(write(content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_sales(tmp_path / "none.csv")


@pytest.mark.parametrize("head", ['"id', '"id",\n"', "\0", "id,id,id", '"id"x,date'])
def test_a_header_that_cannot_be_read_is_named(write, head) -> None:
    with pytest.raises(InputError):
        read_sales(write(head + "\n1,2\n"))


def test_a_time_with_an_offset_is_refused(write) -> None:
    with pytest.raises(InputError, match="line 5: the time must be"):
        read_sales(write(GOOD.replace("12:00:30", "12:00:30+02:00")))


def test_what_is_said_of_a_bad_line_is_short(write) -> None:
    with pytest.raises(InputError) as refused:
        read_sales(write(GOOD.replace("12:00:30", "9" * 100_000)))
    assert len(str(refused.value)) < 600


@many
@given(
    st.lists(
        st.tuples(*[texts | st.sampled_from(["1", "2015-11-27", "11:30:00", "L", "2.50", '"'])] * 7)
    )
)
def test_lines_that_are_nearly_right_are_orders_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "nearly.csv"
    lines = "\n".join(",".join(row) for row in rows)
    path.write_bytes((HEADER + lines).encode("utf-8", "surrogatepass"))
    try:
        sales = read_sales(path)
    except InputError:
        return
    assert orders_of(sales)


@given(st.binary(max_size=400))
def test_no_file_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "orders.csv"
    path.write_bytes(HEADER.encode() + raw)
    try:
        sales = read_sales(path)
    except InputError:
        return
    assert all(sale.line.price >= 0 for sale in sales)
