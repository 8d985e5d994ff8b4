"""The command `homeward`."""

from __future__ import annotations

import argparse
import getpass
import shutil
import sys
import threading
from dataclasses import replace

from tenant_app.settings import HOUSE, Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        status: int = options.run(settings, options)
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="homeward", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    demo = commands.add_parser("demo", help="open a believable house with demo people: both doors and a worker")
    demo.add_argument("--fresh", action="store_true", help="forget what was done in the demo before, and start clean")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_demo)

    serve = commands.add_parser("serve", help="open both doors: tenants at /, staff at /staff/")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--threads", type=int, default=8)
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="plan and send reminders; as many of these as you like")
    worker.add_argument("--once", action="store_true", help="do what is due now, then stop")
    worker.set_defaults(run=_worker)

    setup = commands.add_parser("setup", help="make keys and tables, and the first administrator")
    setup.add_argument("--name", help="the administrator's name")
    setup.add_argument("--email", help="the administrator's address")
    setup.set_defaults(run=_setup)

    rotate = commands.add_parser("rotate-push-key", help="sign pushes with a new key, without losing a phone")
    rotate.set_defaults(run=_rotate_push_key)

    importing = commands.add_parser("import", help="take in a file from another system")
    kinds = importing.add_subparsers(required=True, metavar="what")
    rent = kinds.add_parser("rent", help="rent accounts, payments and charges, as CSV")
    rent.add_argument("file", nargs="?", help="the file; the same one sent twice lands once")
    rent.add_argument("--check", action="store_true", help="say what would happen, and write nothing")
    rent.add_argument("--columns", action="store_true", help="print the columns, with examples")
    rent.set_defaults(run=_import_rent, parser=rent)

    erasures = commands.add_parser("erasures", help="erase again what a restored copy brought back")
    erasures.add_argument("--list", dest="path", help="another list of erasures than the one in the instance folder")
    erasures.set_defaults(run=_erasures)

    check = commands.add_parser("check", help="say in plain words what is wrong with the configuration")
    check.set_defaults(run=_check)
    return parser


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    from waitress import create_server

    from tenant_app import demo
    from tenant_app.site import open_site
    from tenant_app.worker import Worker

    # Not 127.0.0.1: browsers offer passkeys to names only.
    address = f"http://localhost:{options.port}"
    instance = settings.instance if settings.instance != HOUSE / "instance" else HOUSE / "instance" / "demo"
    settings = replace(
        settings, demo=True, instance=instance, tenant_url=address, staff_url=f"{address}/staff",
        vapid_contact=settings.vapid_contact or "https://example.org/homeward-demo",
    )  # fmt: skip
    if options.fresh and instance.exists():
        shutil.rmtree(instance)
    people = demo.prepare(settings)
    server = create_server(open_site(settings, DEMO_PEOPLE=people), host="127.0.0.1", port=options.port, threads=8)
    print(demo.welcome(settings, people), flush=True)
    worker = Worker(settings)
    reminders = threading.Thread(target=worker.run, name="worker")
    reminders.start()
    try:
        server.run()
    finally:
        worker.stop()
        reminders.join()
    return 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from waitress import serve

    from tenant_app.site import open_site

    if _tables_missing(settings):
        return 1
    print(f"Tenants: http://{options.host}:{options.port}/   Staff: http://{options.host}:{options.port}/staff/")
    serve(open_site(settings), host=options.host, port=options.port, threads=options.threads, ident=None)
    return 0


def _worker(settings: Settings, options: argparse.Namespace) -> int:
    from tenant_app import worker

    if _tables_missing(settings):
        return 1
    worker.run(settings, once=options.once)
    return 0


def _setup(settings: Settings, options: argparse.Namespace) -> int:
    from tenant_app.database import Database
    from tenant_app.keys import open_keys
    from tenant_app.migrations import upgrade

    keys = open_keys(settings.instance)
    database = Database(settings.database)
    upgrade(database.engine)
    print("Keys and tables are in place.")
    if options.email or sys.stdin.isatty():
        from tenant_app.accounts.first import first_administrator
        from tenant_app.accounts.rules import TooEasy

        name = options.name or input("Name of the first administrator: ")
        email = options.email or input("Their address: ")
        password = getpass.getpass("A password (12 letters or more): ")
        try:
            print(first_administrator(database, keys, name, email, password))
        except TooEasy:
            print("That password is too easy to guess. Use 12 letters or more. Nobody was added.", file=sys.stderr)
            return 1
        except ValueError:
            print(f"Somebody has the address {email} already. Nobody was added.", file=sys.stderr)
            return 1
    database.close()
    return 0


def _rotate_push_key(settings: Settings, _options: argparse.Namespace) -> int:
    from tenant_app.keys import rotate_vapid

    rotate_vapid(settings.instance)
    print("A new key signs from now on. Start the doors and the workers again.")
    print("Phones go on with the key they know, and take the new one when the app is next opened on them.")
    return 0


def _import_rent(settings: Settings, options: argparse.Namespace) -> int:
    from tenant_app import tables
    from tenant_app.rent.importing.command import columns, import_rent

    assert tables.metadata.tables
    if options.columns:
        print(columns())
        return 0
    if not options.file:
        options.parser.error("name a file, or ask for --columns")
    return 1 if _tables_missing(settings) else import_rent(settings, options.file, check=options.check)


def _erasures(settings: Settings, options: argparse.Namespace) -> int:
    from pathlib import Path

    from tenant_app import tables
    from tenant_app.database import Database
    from tenant_app.support.record.again import settle_erasures

    assert tables.metadata.tables
    if _tables_missing(settings):
        return 1
    if options.path and not Path(options.path).is_file():
        print(f"There is no such file: {options.path}", file=sys.stderr)
        return 1
    database = Database(settings.database)
    with database.step() as session:
        done = settle_erasures(session, settings, Path(options.path) if options.path else None)
    database.close()
    print(f"Done again: {done}. What was erased is gone." if done else "Nothing that was erased has come back.")
    return 0


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    from tenant_app.health import problems, remarks

    found = problems(settings)
    for remark in remarks(settings):
        print(f"Note: {remark}")
    for problem in found:
        print(f"To mend: {problem}")
    if not found:
        print("All is well.")
    return 1 if found else 0


def _tables_missing(settings: Settings) -> bool:
    from tenant_app.database import open_engine
    from tenant_app.migrations import is_current

    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    try:
        if is_current(engine):
            return False
    finally:
        engine.dispose()
    print("The database does not have this release's tables. Run: homeward setup", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main())
