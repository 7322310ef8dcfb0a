"""Which Python of layers the user has allowed: digests of the exact texts, kept between starts of the window."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from netbuilder.core.errors import FileError
from netbuilder.paths import home

log = logging.getLogger(__name__)
_NAME = "allowed-python.json"
_MOST = 1000


def is_kept() -> bool:
    """Whether anything was ever allowed; cheap to ask, imports nothing."""
    return home(_NAME).is_file()


def restore() -> None:
    """Allow again what was allowed before."""
    from netbuilder.net import custom

    custom.allow(*_read(home(_NAME)))


def give(source: str) -> None:
    """Allow exactly this text, now and at later starts."""
    from netbuilder.app.files import write_json
    from netbuilder.net import custom

    custom.allow(custom.digest(source))
    path = home(_NAME)
    try:
        write_json(path, {"sha256": [*dict.fromkeys([*_read(path), custom.digest(source)])][-_MOST:]})
    except (OSError, FileError) as error:
        log.warning("consent cannot be kept: %s", error)


def _read(path: Path) -> list[str]:
    try:
        kept = msgspec.json.decode(path.read_bytes())["sha256"]
        return [each for each in kept if isinstance(each, str) and len(each) == 64]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("what was allowed cannot be read, so nothing is: %s", error)
        return []
