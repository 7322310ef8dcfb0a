"""Questions and bad news in message boxes: a sentence, and buttons that say what they do."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QMessageBox, QWidget

SaveAnswer = Literal["save", "discard", "cancel"]


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


def tell(parent: QWidget | None, title: str, text: str) -> None:
    """Something could not be done; the text is a sentence with a remedy."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("dialog.message")
    box.exec()


def confirm(parent: QWidget | None, title: str, text: str, yes: str) -> bool:
    """Whether the user agrees; `yes` is the button's label."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.Cancel, parent)
    box.setObjectName("dialog.confirm")
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(agree)
    box.exec()
    return box.clickedButton() is agree
