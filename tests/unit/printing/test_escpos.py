"""The bytes of a ticket."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from kds.printing.escpos import to_bytes
from kds.printing.ticket import Printed

CUT, RESET = b"\x1dV\x00", b"\x1b@"


def test_a_job_begins_with_a_reset_and_ends_with_a_cut() -> None:
    job = to_bytes([Printed("A-017", "huge", bold=True)])
    assert job.startswith(RESET)
    assert job.endswith(CUT)
    assert b"A-017\n" in job


def test_large_type_is_asked_for_and_taken_back() -> None:
    job = to_bytes([Printed("A-017", "huge"), Printed("2x Soup")])
    assert job.index(b'\x1d!"') < job.index(b"A-017") < job.index(b"\x1d!\x00") < job.index(b"2x")


def test_letters_of_other_languages_come_in_a_code_page_and_pictures_as_a_mark() -> None:
    job = to_bytes([Printed("Käse"), Printed("Żurek"), Printed("☂")])
    assert "Käse".encode("cp437") in job
    assert b"\xbdurek" in job  # after a change of the code page
    assert b"?" in job


def test_the_library_leaves_no_folder_behind() -> None:
    to_bytes([])
    assert not Path(import_module("escpos.capabilities").pickle_dir).exists()
