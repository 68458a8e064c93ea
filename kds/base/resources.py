"""Where the files that are not code live: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(*parts: str) -> Path:
    """The path of a resource, e.g. `resource_path("supabase", "migrations")`.

    The wheel carries `resources/` as `kds/resources`; a checkout has it beside `kds/`.
    """
    installed = _PACKAGE / "resources"
    root = installed if installed.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)
