"""The one stylesheet, built from the tokens. Pure text.

Widgets are told apart by dynamic properties that the kit sets (`kind`, `role`, `tone`,
`panel`), never by object names: a screen that uses the kit is dressed already.
"""

from __future__ import annotations

from collections.abc import Callable

from kds.ui.theme.tokens import FAMILIES, Theme, Tone

Px = Callable[[float], int]


def stylesheet(theme: Theme, px: Px, touch: int) -> str:
    """The application's stylesheet.

    `px` scales a token size to real pixels; `touch` is the least height of a control, in those.
    """
    parts = (
        _ground(theme, px),
        _text(theme, px),
        _controls(theme, px, touch),
        _bars(theme, px, touch),
        _tables(theme, px),
    )
    return "\n".join(parts)


def _ground(t: Theme, px: Px) -> str:
    families = ", ".join(f'"{family}"' for family in FAMILIES)
    return f"""
* {{ font-family: {families}; outline: none; }}
QMainWindow, QDialog, QWidget[panel="ground"] {{ background: {t.ground}; }}
QWidget {{ color: {t.text}; }}
QFrame[panel="surface"], QFrame[panel="card"] {{ background: {t.surface}; }}
QFrame[panel="card"] {{ border: 1px solid {t.line}; border-radius: {px(t.radius.l)}px; }}
QFrame[panel="sunken"] {{ background: {t.sunken}; border-radius: {px(t.radius.m)}px; }}
QFrame[panel="bar"] {{ background: {t.surface}; border: none; }}
QFrame[panel="alarm"] {{ background: {t.tones["danger"].solid}; }}
QFrame[panel="alarm"] > QLabel {{ color: {t.tones["danger"].on_solid}; }}
QFrame[panel="banner"] {{ background: {t.tones["danger"].soft}; }}
QFrame[panel="banner"] > QLabel {{ color: {t.tones["danger"].ink}; }}
QFrame[panel="call"] {{ background: {t.tones["warn"].solid}; }}
QFrame[panel="call"] > QLabel {{ color: {t.tones["warn"].on_solid}; }}
QFrame[panel="ready"] {{ background: {t.tones["ok"].soft}; border: 2px solid {t.tones["ok"].ink};
  border-radius: {px(t.radius.m)}px; }}
QFrame[panel="ready"] > QLabel {{ color: {t.tones["ok"].ink}; }}
QFrame[panel="rule"] {{ background: {t.line}; }}
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line};
  padding: {px(t.space.s)}px; }}
QAbstractScrollArea {{ background: transparent; border: none; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.line}; padding: {px(t.space.xs)}px; }}
QMenu::item {{ padding: {px(t.space.m)}px {px(t.space.xl)}px; border-radius: {px(t.radius.s)}px; }}
QMenu::item:selected {{ background: {t.raised_hover}; }}
"""


def _text(t: Theme, px: Px) -> str:
    roles = "\n".join(
        f'QLabel[role="{role}"] {{ font-size: {px(style.size)}px; font-weight: {style.weight}; }}'
        for role, style in t.text_styles.items()
    )
    inks = "\n".join(
        f'QLabel[tone="{name}"] {{ color: {tone.ink}; }}' for name, tone in t.tones.items()
    )
    return f"""
QLabel {{ background: transparent; font-size: {px(t.text_styles["body"].size)}px; }}
{roles}
QLabel[soft="true"] {{ color: {t.text_soft}; }}
QLabel[soft="faint"] {{ color: {t.text_faint}; }}
{inks}
"""


def _controls(t: Theme, px: Px, touch: int) -> str:
    label = t.text_styles["label"]
    accent, danger = t.tones["accent"], t.tones["danger"]
    return f"""
QPushButton {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line};
  border-radius: {px(t.radius.m)}px; padding: 0 {px(t.space.l)}px;
  min-height: {touch - 2}px; font-size: {px(label.size)}px;
  font-weight: {label.weight}; }}
QPushButton:hover {{ background: {t.raised_hover}; }}
QPushButton:pressed {{ background: {t.sunken}; }}
QPushButton:focus {{ border: 2px solid {t.focus}; min-height: {touch - 4}px; }}
QPushButton:disabled {{ color: {t.text_faint}; background: {t.surface}; border-color: {t.line}; }}
{_solid_button("primary", accent, t.text, touch)}
{_solid_button("danger", danger, t.text, touch)}
QPushButton[kind="ghost"], QPushButton[kind="icon"] {{ background: transparent;
  border: 1px solid transparent; }}
QPushButton[kind="icon"] {{ padding: 0; min-width: {touch - 2}px; }}
QPushButton[kind="ghost"]:hover, QPushButton[kind="icon"]:hover {{ background: {t.raised_hover}; }}
QPushButton[kind="ghost"]:focus, QPushButton[kind="icon"]:focus {{
  border: 2px solid {t.focus}; }}
QPushButton[kind="icon"]:focus {{ min-width: {touch - 4}px; }}
QPushButton[kind="segment"] {{ background: transparent; border: 2px solid transparent;
  color: {t.text_soft}; min-height: {touch - 4}px; }}
QPushButton[kind="segment"][tight="true"] {{ padding: 0 {px(2)}px; }}
QPushButton[kind="segment"]:hover {{ color: {t.text}; }}
QPushButton[kind="segment"]:checked {{ background: {t.surface}; color: {t.text};
  border: 2px solid {t.line}; }}
QPushButton[kind="segment"]:focus {{ border: 2px solid {t.focus}; }}
QLineEdit, QComboBox, QSpinBox, QDateEdit, QPlainTextEdit {{ background: {t.raised};
  color: {t.text};
  border: 1px solid {t.line}; border-radius: {px(t.radius.m)}px;
  padding: 0 {px(t.space.m)}px; min-height: {touch - 2}px;
  font-size: {px(t.text_styles["body"].size)}px;
  selection-background-color: {accent.solid}; selection-color: {accent.on_solid}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus,
QPlainTextEdit:focus {{
  border: 2px solid {t.focus}; min-height: {touch - 4}px; }}
QComboBox::drop-down {{ border: none; width: {px(t.space.xl)}px; }}
"""


def _solid_button(kind: str, tone: Tone, text: str, touch: int) -> str:
    return f"""
QPushButton[kind="{kind}"] {{ background: {tone.solid}; color: {tone.on_solid};
  border: 2px solid {tone.solid}; min-height: {touch - 4}px; }}
QPushButton[kind="{kind}"]:hover {{ background: {tone.ink}; border-color: {tone.ink}; }}
QPushButton[kind="{kind}"]:pressed {{ background: {tone.soft}; color: {tone.ink}; }}
QPushButton[kind="{kind}"]:focus {{ border: 3px solid {text}; min-height: {touch - 6}px; }}
QPushButton[kind="{kind}"]:disabled {{ background: {tone.soft}; color: {tone.ink};
  border-color: {tone.soft}; }}
"""


def _bars(t: Theme, px: Px, touch: int) -> str:
    width = px(10)
    return f"""
QScrollBar:vertical {{ background: transparent; width: {width}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {width}px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: {width // 2}px; }}
QScrollBar::handle:vertical {{ min-height: {touch}px; }}
QScrollBar::handle:horizontal {{ min-width: {touch}px; }}
QScrollBar::handle:hover {{ background: {t.text_faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _tables(t: Theme, px: Px) -> str:
    label = t.text_styles["label"]
    accent = t.tones["accent"]
    return f"""
QTableView {{ background: transparent; alternate-background-color: {t.raised}; color: {t.text};
  border: none; font-size: {px(t.text_styles["body"].size)}px; }}
QTableView::item {{ padding: 0 {px(t.space.s)}px; }}
QTableView::item:selected {{ background: {accent.soft}; color: {accent.ink}; }}
QTableView:focus {{ border: 2px solid {t.focus}; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{ background: transparent; color: {t.text_soft}; border: none;
  border-bottom: 1px solid {t.line}; padding: 0 {px(t.space.s)}px;
  font-size: {px(label.size)}px; font-weight: {label.weight}; }}
QHeaderView::section:hover {{ background: {t.raised_hover}; color: {t.text}; }}
"""
