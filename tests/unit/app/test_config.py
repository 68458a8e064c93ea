"""A bad profile says which line is wrong and what is allowed there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.app.config import Profile, load_profile
from kds.base.errors import ConfigError
from tests.support.garbage import BROKEN, many, texts

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
        (GOOD + "printer = 'lpt1'\n", r"line 5: 'printer' is 'lpt1': it must be tcp://<host>"),
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


@pytest.mark.parametrize(
    "text",
    [*BROKEN, "a = " + "9" * 5000, "a = " + "[" * 5000, GOOD + "key = 1", "url = 1979-13-45"],
)
def test_what_is_no_profile_is_named(profile, text) -> None:
    with pytest.raises(ConfigError):
        load_profile(profile(text), {})


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a:99999", "http://a:b", "ftp://a", "http://"]
)
def test_what_is_no_address_is_named(profile, url) -> None:
    with pytest.raises(ConfigError, match="line 1: 'url' is"):
        load_profile(profile(GOOD.replace("http://127.0.0.1:54321", url)), {})


@many
@given(st.dictionaries(st.sampled_from(list(Profile.model_fields)), texts | st.integers()))
def test_no_settings_break_the_reader(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    environment = {f"KDS_{key.upper()}": str(value) for key, value in values.items()}
    missing = tmp_path_factory.getbasetemp() / "none.toml"
    for given_values, defaults in ((environment, {}), ({}, values)):
        try:
            load_profile(missing, given_values, defaults)
        except ConfigError:
            continue


NORTH, SOUTH = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
OFFICE = GOOD.replace("kitchen", "manager")


def test_a_manager_may_keep_to_some_branches(profile) -> None:
    text = f'{OFFICE}branch = "{SOUTH}"\nbranches = ["{NORTH}", "{SOUTH.upper()}"]\n'
    assert load_profile(profile(text), {}).branches == [NORTH, SOUTH]
    assert load_profile(profile(OFFICE), {}).branches == []
    found = load_profile(profile(OFFICE), {"KDS_BRANCHES": f"{SOUTH}, {NORTH}"})
    assert found.branches == [SOUTH, NORTH]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'{GOOD}branches = ["{NORTH}"]', "only a manager has several branches"),
        (f'{OFFICE}branch = "{SOUTH}"\nbranches = ["{NORTH}"]', "'branch' must be one of them"),
        (f'{OFFICE}branches = ["north"]', "they must be UUIDs"),
    ],
)
def test_branches_that_cannot_be_are_named(profile, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=f"line [56]: 'branches' is .*: {message}"):
        load_profile(profile(text), {})


@pytest.mark.parametrize("view", ["line", "expo", "ready"])
def test_a_kitchen_chooses_its_view(profile, view: str) -> None:
    assert load_profile(profile(GOOD + f'view = "{view}"\n'), {}).view == view
    assert load_profile(profile(GOOD), {"KDS_VIEW": view}).view == view


def test_only_a_kitchen_has_another_view(profile) -> None:
    text = GOOD.replace('"kitchen"', '"pos"') + 'view = "expo"\n'
    with pytest.raises(ConfigError, match=r"'view' is 'expo': only a kitchen has another view"):
        load_profile(profile(text), {})
