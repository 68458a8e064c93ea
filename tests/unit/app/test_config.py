"""A bad profile says which line is wrong and what is allowed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kds.app.config import load_profile
from kds.base.errors import ConfigError

GOOD = """\
url = "http://127.0.0.1:54321"
key = "anon"
role = "kitchen"
stations = ["oven"]
"""


@pytest.fixture
def profile(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "pass.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_good_profile_is_taken_as_it_is(profile) -> None:
    loaded = load_profile(profile(GOOD), {})
    assert (loaded.role, loaded.stations, loaded.branch) == ("kitchen", ["oven"], None)


def test_the_environment_overrides_the_file_and_the_file_the_defaults(profile) -> None:
    loaded = load_profile(
        profile(GOOD),
        {"KDS_STATIONS": "grill, garden", "KDS_NAME": "Pass"},
        {"role": "pos", "name": "Kitchen"},
    )
    assert (loaded.stations, loaded.name, loaded.role) == (["grill", "garden"], "Pass", "kitchen")


def test_the_environment_alone_is_enough(tmp_path: Path) -> None:
    environment = {"KDS_URL": "http://hub:1/", "KDS_KEY": "k", "KDS_ROLE": "pos"}
    assert load_profile(tmp_path / "none.toml", environment).url == "http://hub:1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("kitchen", "chef"), r"line 3: 'role' is 'chef': .*'kitchen', 'pos' or"),
        (GOOD.replace("http:", "ftp:"), r"line 1: 'url' is 'ftp:.*must start with http://"),
        (GOOD + "colour = 1\n", r"line 5: 'colour' is not known\. Allowed: url, key, role"),
        (GOOD + "branch = 'x'\n", r"line 5: 'branch' is 'x': it must be a UUID"),
        (GOOD.replace('["oven"]', '"oven"'), r"line 4: 'stations' is 'oven': .*list"),
        (GOOD.replace('key = "anon"\n', ""), r"'key' is missing\. Add it, or set KDS_KEY"),
        (GOOD + "theme = \n", r"not valid TOML: .*line 5"),
    ],
)
def test_a_bad_profile_names_the_line_and_what_is_allowed(profile, text, said) -> None:
    with pytest.raises(ConfigError, match=said):
        load_profile(profile(text), {})


def test_a_bad_override_names_its_variable(profile) -> None:
    with pytest.raises(ConfigError, match="variable KDS_ROLE: 'role' is 'chef'"):
        load_profile(profile(GOOD), {"KDS_ROLE": "chef"})


def test_a_profile_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pass.toml"
    path.write_bytes(GOOD.replace("oven", "fourneau à bois").encode("latin-1"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load_profile(path, {})
