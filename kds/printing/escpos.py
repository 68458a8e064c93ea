"""The bytes of a ticket in ESC/POS, which every receipt printer understands.

The library takes 0.4 s to import, so that happens at the first ticket, in the printing thread.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from kds.printing.ticket import Printed, Size

_SCALE: dict[Size, tuple[int, int]] = {
    "normal": (1, 1),
    "tall": (1, 2),
    "double": (2, 2),
    "huge": (3, 3),
}


def to_bytes(lines: Iterable[Printed]) -> bytes:
    """One whole job, from the printer's reset to the cut.

    Each character goes in the first code page that has it; one that none has becomes "?".
    """
    paper = library().Dummy()
    paper.hw("INIT")
    for line in lines:
        width, height = _SCALE[line.size]
        paper.set(
            align="center" if line.middle else "left",
            bold=line.bold,
            invert=line.band,
            custom_size=True,
            width=width,
            height=height,
        )
        paper.text(f"{line.text}\n")
    paper.set(align="left", bold=False, invert=False, normal_textsize=True)
    paper.cut()
    return bytes(paper.output)


@cache
def library() -> Any:
    """`escpos.printer`, imported now; it leaves a folder with what it has parsed, we do not."""
    printer = import_module("escpos.printer")
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(import_module("escpos.capabilities").pickle_dir, ignore_errors=True)
    return printer
