"""Naming a printer in a profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from kds.printing.device import Address, PrinterFile, Tcp, Usb, address_of


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.168.1.50:9100", Tcp("192.168.1.50", 9100)),
        ("tcp://printer.local", Tcp("printer.local", 9100)),
        ("tcp://[fe80::1]:9101/", Tcp("fe80::1", 9101)),
        ("file:/dev/usb/lp0", PrinterFile(Path("/dev/usb/lp0"))),
        ("usb:04b8:0202", Usb(0x04B8, 0x0202)),
    ],
)
def test_an_address_says_which_printer(text: str, address: Address) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text", ["", "192.168.1.50", "tcp://", "tcp://a:0", "tcp://a:99999", "file:", "usb:4b8:202"]
)
def test_another_text_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="tcp://<host>"):
        address_of(text)
