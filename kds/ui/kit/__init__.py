"""Small widgets in the program's look; every screen is built from these."""

from kds.ui.kit.buttons import Button, IconButton
from kds.ui.kit.chips import Pill, PillButton
from kds.ui.kit.icons import icon, pixmap
from kds.ui.kit.inputs import SearchField, SegmentedControl
from kds.ui.kit.kept import Kept
from kds.ui.kit.overlay import Sheet, Toast
from kds.ui.kit.panels import Card, EmptyState, Panel, Rule
from kds.ui.kit.picture import Picture
from kds.ui.kit.plus_minus import PlusMinus
from kds.ui.kit.progress import ProgressLine
from kds.ui.kit.scrolling import by_finger, scrolling
from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.kit.sparkline import Sparkline
from kds.ui.kit.strip import Banner, Strip
from kds.ui.kit.style import restyle
from kds.ui.kit.tasks import spawn
from kds.ui.kit.text import ElidedLabel, Label, SectionTitle

__all__ = [
    "Banner",
    "Button",
    "Card",
    "ElidedLabel",
    "EmptyState",
    "IconButton",
    "Kept",
    "Label",
    "Panel",
    "Picture",
    "Pill",
    "PillButton",
    "PlusMinus",
    "ProgressLine",
    "Rule",
    "SearchField",
    "SectionTitle",
    "SegmentedControl",
    "Shape",
    "Sheet",
    "Sparkline",
    "Strip",
    "Toast",
    "by_finger",
    "icon",
    "paint_shape",
    "pixmap",
    "restyle",
    "scrolling",
    "spawn",
]
