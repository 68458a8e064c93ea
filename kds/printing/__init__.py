"""Tickets on paper: what stands on them (pure), their bytes, the devices, and the one who waits."""

from kds.printing.device import Address, PrintError, address_of
from kds.printing.printer import Device, Job, Printer, Trouble

__all__ = ["Address", "Device", "Job", "PrintError", "Printer", "Trouble", "address_of"]
