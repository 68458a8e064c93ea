"""The kitchen board: tickets in columns, bumped by touch or by key."""

from kds.ui.kitchen.screen import KitchenScreen

__all__ = ["KitchenScreen"]
