"""The command line. Every command imports what it needs when it is called: a till starts fast."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from kds.app import config, logs, paths
from kds.app.kiosk import ALONE, Life, guard, stand_by
from kds.base.errors import ConfigError, KdsError
from kds.domain.rows import Role

app = typer.Typer(
    help="A POS and kitchen display that never loses an order.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

NAMES: dict[Role, str] = {"kitchen": "Kitchen", "pos": "Till", "manager": "Manager"}

ProfileName = Annotated[str | None, typer.Option("--profile", help="Name of the profile to use.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log everything to the screen.")]
Probe = Annotated[bool, typer.Option(hidden=True, help="Speak JSON on stdin and stdout.")]
FullScreen = Annotated[bool, typer.Option(help="Fill the screen (F11 leaves).")]
Kiosk = Annotated[
    bool,
    typer.Option(help="Fill the screen, start again after a crash, close with Ctrl+Q only."),
]
Leashed = Annotated[bool, typer.Option(hidden=True, help="A parent starts this window again.")]
Again = Annotated[bool, typer.Option(hidden=True, help="Come back to where the last one was.")]
Standby = Annotated[bool, typer.Option(hidden=True, help="Wait for a byte on stdin first.")]
Size = Annotated[str, typer.Option(hidden=True, help="WIDTHxHEIGHT of the window.")]
ViewName = Annotated[
    str, typer.Option("--view", help="line, expo or ready, instead of the profile's.")
]
Side = Annotated[str, typer.Option(hidden=True, help="left or right half of the screen.")]
OrdersFile = Annotated[
    Path | None, typer.Option("--orders", metavar="CSV", help="Real orders to play.")
]
Columns = Annotated[
    str, typer.Option(help="Other column names, for example id=order_no,type=kind.")
]
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day to play.")
]
Speed = Annotated[float, typer.Option(min=0.01, max=100_000, help="Times as fast as it was.")]
ReportFile = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.json", help="Write the figures here.")
]


def main() -> None:
    """Run the command line; an error that we foresaw is one sentence, not a traceback."""
    try:
        app()
    except KdsError as error:
        typer.secho(str(error), fg="red", err=True)
        raise SystemExit(1) from None


@app.command()
def hub(
    data: Annotated[Path, typer.Option(help="Folder of the database and the keys.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 54321,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[bool, typer.Option(help="Fill a new database with the demo menu.")] = False,
    verbose: Verbose = False,
    probe: Probe = False,
) -> None:
    """Run the back end of one restaurant on this machine."""
    from kds.app.serve import serve

    logs.configure(data / "hub.log", verbose=verbose)
    raise SystemExit(asyncio.run(serve(data, host, port, seed=seed, probe=probe)))


@app.command()
def account(
    email: str,
    role: Annotated[str, typer.Option(help="kitchen, pos or manager.")],
    branch: Annotated[list[str], typer.Option(help="Branch id; may be given again.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the hub's data.")] = None,
    url: Annotated[str, typer.Option(help="Back end.")] = "http://127.0.0.1:54321",
    service_key: Annotated[
        str, typer.Option(envvar="KDS_SERVICE_KEY", help="A Supabase project's service key.")
    ] = "",
) -> None:
    """Make an account that terminals sign in with; asks for its password."""
    from kds.app.accounts import Admin

    if role not in get_args(Role):
        raise ConfigError(f"--role {role!r}: it must be kitchen, pos or manager.")
    if data is not None:
        from kds.hub.keys import load_keys

        service_key = load_keys(data).service
    if not service_key:
        raise ConfigError("Give --data (a hub) or --service-key (a Supabase project).")
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    admin = Admin(url, service_key)
    asyncio.run(admin.create_account(email, password, cast(Role, role), branch))
    typer.echo(f"{email} can sign in as {role}.")


def _window(
    role: Role,
    profile: str | None,
    verbose: bool,
    probe: bool,
    life: Life = ALONE,
    view: str = "",
    **options: Any,
) -> None:
    name = profile or role
    log = "kiosk.log" if life.parent else "kds.log"
    logs.configure(paths.data_dir(name) / log, verbose=verbose)
    settings = config.load_profile(
        paths.config_dir() / f"{name}.toml",
        {**os.environ, "KDS_VIEW": view} if view else None,
        {"role": role, "name": NAMES[role]},
    )
    if life.parent:
        raise SystemExit(guard(sys.argv[1:]))
    from kds.app.runtime import run_window

    if life.standby and not stand_by():
        raise SystemExit(0)
    raise SystemExit(run_window(name, settings, probe=probe, life=life, **options))


@app.command()
def kitchen(
    profile: ProfileName = None,
    full_screen: FullScreen = False,
    kiosk: Kiosk = False,
    guarded: Leashed = False,
    again: Again = False,
    standby: Standby = False,
    view: ViewName = "",
    size: Size = "",
    side: Side = "",
    verbose: Verbose = False,
    probe: Probe = False,
) -> None:
    """Open a kitchen display."""
    place: dict[str, Any] = {"full_screen": full_screen, "size": size, "side": side}
    life = Life(kiosk, guarded, again, standby)
    _window("kitchen", profile, verbose, probe, life, view, **place)


@app.command()
def pos(
    profile: ProfileName = None,
    full_screen: FullScreen = False,
    kiosk: Kiosk = False,
    guarded: Leashed = False,
    again: Again = False,
    standby: Standby = False,
    size: Size = "",
    side: Side = "",
    verbose: Verbose = False,
    probe: Probe = False,
) -> None:
    """Open a till."""
    place: dict[str, Any] = {"full_screen": full_screen, "size": size, "side": side}
    _window("pos", profile, verbose, probe, Life(kiosk, guarded, again, standby), **place)


@app.command()
def run(
    profile: Annotated[str, typer.Option("--profile", help="Name of the profile to open.")],
    kiosk: Kiosk = False,
    guarded: Leashed = False,
    again: Again = False,
    standby: Standby = False,
    verbose: Verbose = False,
) -> None:
    """Open the window of a profile, whatever its role: what a kiosk starts with."""
    settings = config.load_profile(paths.config_dir() / f"{profile}.toml")
    place: dict[str, Any] = {"full_screen": False, "size": "", "side": ""}
    _window(settings.role, profile, verbose, False, Life(kiosk, guarded, again, standby), **place)


@app.command()
def manager(
    profile: ProfileName = None,
    size: Size = "",
    side: Side = "",
    verbose: Verbose = False,
    probe: Probe = False,
) -> None:
    """Open the manager's dashboard, with an icon in the system tray."""
    _window("manager", profile, verbose, probe, full_screen=False, size=size, side=side)


@app.command()
def simulate(
    profile: ProfileName = None,
    orders: OrdersFile = None,
    columns: Columns = "",
    date: Day = None,
    speed: Speed = 60.0,
    count: Annotated[int, typer.Option(min=0, help="Orders of a made-up rush.")] = 30,
    seed: Annotated[int, typer.Option(help="Of the made-up rush.")] = 1,
    report: ReportFile = None,
    share: Annotated[str, typer.Option(hidden=True, help="INDEX/COUNT of the orders.")] = "0/1",
    cook: Annotated[bool, typer.Option(help="Cook in a kitchen instead of taking orders.")] = False,
    verbose: Verbose = False,
    probe: Probe = False,
) -> None:
    """Take orders at a simulated till: a made-up rush, or real ones from a CSV file."""
    from kds.app.simulate import Play, simulate_cook, simulate_till
    from kds.app.stopping import until_stopped

    role: Role = "kitchen" if cook else "pos"
    name = profile or role
    logs.configure(paths.data_dir(name) / "kds.log", verbose=verbose)
    settings = config.load_profile(
        paths.config_dir() / f"{name}.toml", defaults={"role": role, "name": name.title()}
    )
    index, _, total = share.partition("/")
    play = Play(
        orders, columns, date.date() if date else None, speed, count, seed, (int(index), int(total))
    )
    work = (
        simulate_cook(name, settings, speed)
        if cook
        else simulate_till(name, settings, play, report, probe=probe)
    )
    raise SystemExit(asyncio.run(until_stopped(work, watched=probe)))


@app.command()
def demo(
    orders: OrdersFile = None,
    columns: Columns = "",
    date: Day = None,
    speed: Speed = 60.0,
    count: Annotated[int, typer.Option(min=1, help="Orders of a made-up rush.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the made-up rush.")] = 1,
    tills: Annotated[int, typer.Option(min=1, max=50, help="Simulated tills.")] = 2,
    report: ReportFile = None,
    headless: Annotated[bool, typer.Option(help="No screen: play, save pictures, end.")] = False,
    pictures: Annotated[Path, typer.Option(help="Where --headless saves them.")] = Path(),
    fault: Annotated[
        list[str] | None,
        typer.Option(help="hub-kill or kitchen-cut, in the middle; may be given again."),
    ] = None,
    size: Annotated[str, typer.Option(help="Of the windows, WIDTHxHEIGHT.")] = "",
    verbose: Verbose = False,
) -> None:
    """See the whole system at once: hub, kitchen window, till window and simulated tills."""
    from kds.app.demo import Demo, DemoOptions
    from kds.app.simulate import Play

    logs.configure(None, verbose=verbose)
    play = Play(orders, columns, date.date() if date else None, speed, count, seed)
    options = DemoOptions(play, tills, report, headless, pictures, tuple(fault or ()), size)
    raise SystemExit(asyncio.run(Demo(options).run()))
