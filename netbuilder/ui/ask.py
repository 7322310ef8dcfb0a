"""Questions and bad news in message boxes: a sentence, and buttons that say what they do."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QMessageBox, QWidget

SaveAnswer = Literal["save", "discard", "cancel"]
RecoveryAnswer = Literal["open", "discard", "later"]


def ask_to_save(parent: QWidget | None, name: str) -> SaveAnswer:
    """What to do with unsaved changes."""
    box = QMessageBox(parent)
    box.setObjectName("dialog.save")
    box.setWindowTitle("Unsaved changes")
    box.setText(f"Save the changes to “{name}”?")
    box.setInformativeText("If you discard them, they are lost.")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answers: dict[int, SaveAnswer] = {buttons.Save.value: "save", buttons.Discard.value: "discard"}
    return answers.get(box.exec(), "cancel")


def ask_to_recover(parent: QWidget | None, name: str) -> RecoveryAnswer:
    """What to do with work that was never saved; closing the question keeps it for the next start."""
    text = f"“{name}” was not saved when Netbuilder last ended."
    box = QMessageBox(QMessageBox.Icon.Question, "Unsaved work", text, parent=parent)
    box.setObjectName("dialog.recover")
    box.setInformativeText("Open it again? Discarding removes it; “Later” asks again at the next start.")
    roles = QMessageBox.ButtonRole
    again = box.addButton("Open", roles.AcceptRole)
    discard = box.addButton("Discard", roles.DestructiveRole)
    later = box.addButton("Later", roles.RejectRole)
    box.setDefaultButton(again)
    box.setEscapeButton(later)
    box.exec()
    answers: dict[object, RecoveryAnswer] = {again: "open", discard: "discard"}
    return answers.get(box.clickedButton(), "later")


def ask(parent: QWidget | None, title: str, text: str, yes: str, more: str = "") -> bool:
    """A question with one button that does it, and Cancel."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.Cancel, parent)
    box.setObjectName("dialog.question")
    box.setInformativeText(more)
    button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(button)
    box.exec()
    return box.clickedButton() is button


def tell(parent: QWidget | None, title: str, text: str) -> None:
    """Something could not be done; the text is a sentence with a remedy."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("dialog.message")
    box.exec()
