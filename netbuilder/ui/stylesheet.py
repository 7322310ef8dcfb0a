"""The one stylesheet of the application, generated from a theme's tokens."""

from __future__ import annotations

from string import Template

from netbuilder.paths import resource
from netbuilder.ui.theme import Theme, mix

__all__ = ["stylesheet"]

_SHEET = Template("""
QWidget { font-family: Inter; font-size: 13px; color: $text; }
QMainWindow, QDialog, QMessageBox { background: $panel; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMessageBox QLabel#qt_msgbox_label { font-weight: 600; }
QMessageBox QLabel#qt_msgbox_informativelabel { color: $secondary; min-width: 300px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px; font-size: 12px; }
QWidget:disabled { color: $faint; }

QMenuBar { background: transparent; spacing: 0px; }
QMenuBar::item { background: transparent; padding: 5px 10px; color: $secondary; border-radius: 6px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $text; }
QMenu { background: $panel; border: 1px solid $line; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 5px; min-width: 170px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }

QPushButton { background: $raised; border: 1px solid $line; border-radius: 6px; padding: 0px 12px; min-height: 26px; font-weight: 600;
  outline: none; }
QPushButton:hover { background: $hover; border-color: $edge; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: transparent; }
QPushButton[kind="primary"], QPushButton:default { background: $accent; border-color: $accent; color: $on_accent; }
QPushButton[kind="primary"]:hover, QPushButton:default:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus, QPushButton:default:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled, QPushButton:default:disabled { background: $raised; border-color: $line; color: $faint; }
QPushButton[kind="small"] { min-height: 22px; padding: 0px 9px; font-size: 12px; font-weight: 500; }
QPushButton[kind="search"] { text-align: left; font-weight: 400; font-size: 12px; color: $secondary; min-height: 22px; padding: 0px 9px; }
QPushButton[kind="link"] { background: transparent; border: none; color: $accent; font-weight: 500; padding: 0px 2px; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
QPushButton[kind="crumb"] { background: transparent; border: none; border-radius: 4px; color: $secondary; padding: 2px 4px;
  font-size: 12px; font-weight: 400; min-height: 0; }
QPushButton[kind="crumb"]:hover { background: $hover; color: $text; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $hover; }
QTabBar QToolButton { background: $panel; border: none; border-radius: 0px; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton[role="promote"] { font-family: "JetBrains Mono"; color: $faint; background: transparent; border: none; border-radius: 4px; }
QToolButton[role="promote"]:hover { background: $hover; color: $text; }
QToolButton[role="promote"]:checked { background: transparent; color: $accent; }
QToolButton[role="section"] { color: $secondary; padding: 0px; border-radius: 4px; text-align: left; }
QToolButton[role="section"]:hover { background: transparent; color: $text; }
QToolButton[role="section"]:checked, QToolButton[role="section"]:pressed { background: transparent; }
QToolButton[role="section"]:focus { border-color: $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
  background: $raised; border: 1px solid $line; border-radius: 6px; padding: 0px 8px; min-height: 24px;
  selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit[role="source"] { background: transparent; border-color: transparent; font-family: "JetBrains Mono"; font-size: 12px; }
QPlainTextEdit[role="source"]:focus { border-color: $accent; }
QPlainTextEdit[role="code"] { font-family: "JetBrains Mono"; font-size: 11px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $edge; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: $accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border-color: $error; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QLineEdit:read-only { background: transparent; color: $secondary; }
QLineEdit[role="value"], QSpinBox[role="value"], QComboBox[role="value"], QLabel[role="value"] {
  font-family: "JetBrains Mono"; font-size: 12px; }
QLineEdit[role="search"] { min-height: 30px; padding: 0px 9px; }
QLineEdit[role="title"] { background: transparent; border-color: transparent; color: $secondary; padding: 0px 4px; }
QLineEdit[role="name"] { background: transparent; border-color: transparent; font-size: 15px; font-weight: 600; padding: 0px; }
QLineEdit[role="title"]:hover, QLineEdit[role="name"]:hover { border-color: $line; }
QLineEdit[role="title"]:focus, QLineEdit[role="name"]:focus { border-color: $accent; color: $text; background: $raised; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView, QListView { background: $panel; border: 1px solid $line; outline: none; selection-background-color: $selection;
  selection-color: $text; }
QListView[role="plain"] { background: transparent; border: 1px solid transparent; border-radius: 6px; }
QListView[role="plain"]:focus { border-color: $accent; }
QComboBox QAbstractItemView { padding: 4px; border: 1px solid $edge; }
QComboBox QAbstractItemView::item { min-height: 26px; border-radius: 5px; padding: 0px 6px; }
QComboBox QAbstractItemView::item:hover { background: $hover; }
QComboBox QAbstractItemView::item:selected { background: $selection; color: $text; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0px; border: none; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 26px; }
QCheckBox::indicator { width: 14px; height: 14px; background: $raised; border: 1px solid $faint; border-radius: 4px; }
QCheckBox::indicator:hover { border-color: $secondary; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:focus { border-color: $text; }
QCheckBox::indicator:disabled { background: transparent; border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }

QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 2px; background: $line; }
QSlider::sub-page:horizontal { background: $secondary; }
QSlider::handle:horizontal { width: 10px; height: 10px; margin: -4px 0px; border-radius: 5px; background: $text; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea, ImageWall, SliceView { border: 1px solid transparent; border-radius: 6px; }
QScrollArea:focus, ImageWall:focus, SliceView:focus { border-color: $accent; }
QAbstractScrollArea::corner { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $edge; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }

QTreeView:focus, QTableView:focus, QListWidget:focus { border-color: $accent; }
QTreeView, QTableView, QListWidget { background: transparent; border: 1px solid transparent; border-radius: 6px; outline: none;
  alternate-background-color: $panel;
  selection-background-color: $selection; selection-color: $text; gridline-color: $line; }
QTreeView::item, QTableView::item, QListWidget::item { min-height: 28px; }
ShapeTree::item { padding-right: 8px; }
QTreeView::item:hover, QListWidget::item:hover { background: $hover; }
QListWidget::item { border-radius: 6px; }
QTableView::item { padding: 0px 8px; }
QTreeView::item:selected, QTableView::item:selected, QListWidget::item:selected { background: $selection; color: $text; }
QHeaderView::section { background: $panel; border: none; border-bottom: 1px solid $line; padding: 4px 8px; color: $secondary;
  font-weight: 500; }

QTableCornerButton::section { background: $panel; border: none; border-bottom: 1px solid $line; }

QWidget#bar\\.top, QWidget#bar\\.train, QWidget[surface="panel"] { background: $panel; }
QWidget#bar\\.top, QWidget#panel\\.train { border-bottom: 1px solid $line; }
QWidget[surface="window"] { background: $window; }
QFrame[role="card"] { background: $raised; border-radius: 8px; }
QFrame[role="note"] { background: transparent; border: 1px solid $line; border-left: 3px solid $secondary; border-radius: 6px; }
QFrame[role="note"][kind="error"] { border-left-color: $error; }
QFrame[role="note"][kind="warning"] { border-left-color: $warning; }
QFrame[role="note"][kind="good"] { border-left-color: $good; }
QFrame[role="rule"] { background: $line; border: none; }
QFrame[role="toast"] { background: $raised; border: 1px solid $edge; border-radius: 8px; }

QWidget#canvas\\.breadcrumb { background: $canvas; border-radius: 4px; }
QFrame#canvas\\.name_prompt { background: $panel; border: 1px solid $line; border-radius: 8px; }
QLabel#canvas\\.bubble { background: $raised; border: 1px solid $line; border-left: 3px solid $error; border-radius: 6px; padding: 7px 10px;
  font-size: 12px; }

QLabel { background: transparent; }
QLabel[role="document"] { font-weight: 600; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; }
QLabel[role="heading"] { font-size: 12px; font-weight: 600; }
QLabel[role="group"] { color: $secondary; font-size: 11px; font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; font-size: 12px; }
QLabel[role="label"] { color: $secondary; font-size: 12px; }
QLabel[role="error"] { color: $error; font-size: 11px; }
QLabel[role="warning"] { color: $warning; font-size: 11px; }
QLabel[tone="secondary"] { color: $secondary; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="error"] { color: $error; }
QLabel[role="mono"] { font-family: "JetBrains Mono"; font-size: 12px; }
QLabel[crumb] { color: $secondary; padding: 2px; font-size: 12px; }
QLabel[crumb="here"] { color: $text; }
QLabel[crumb="note"] { color: $faint; padding-left: 8px; }
QLabel[role="key"] { font-family: "JetBrains Mono"; font-size: 11px; color: $secondary; }
""")


def stylesheet(theme: Theme) -> str:
    """Qt style sheet for the whole application in the given theme."""
    values = {name: colour.name() for name, colour in theme.tokens().items()}
    values |= {
        "hover": theme.hover.name(),
        "pressed": theme.pressed.name(),
        "selection": theme.selection.name(),
        "edge": mix(theme.line, theme.text, 0.18).name(),
        "accent_hover": mix(theme.accent, theme.text, 0.12).name(),
        "chevron": resource("icons", "field-chevron.svg").as_posix(),
        "check": resource("icons", f"field-check-{'dark' if theme.dark else 'light'}.svg").as_posix(),
    }
    return _SHEET.substitute(values)
