"""Six weeks in the demo house, lived day by day with the clock held at each moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Intensity, Property, Stage
from tenant_app.accounts.rules import choose_password, choose_pin, welcome_tenant, welcome_worker
from tenant_app.accounts.second_step import new_secret, seal_totp
from tenant_app.demo.chatting import chat
from tenant_app.demo.checking_in import check_in_weekly
from tenant_app.demo.hard_days import write_plans
from tenant_app.demo.household import keep_house
from tenant_app.demo.inspecting import inspect
from tenant_app.demo.key_work import work_together
from tenant_app.demo.letters import write_letters
from tenant_app.demo.looking_back import look_back
from tenant_app.demo.meetings import meet
from tenant_app.demo.moving_on import move_on
from tenant_app.demo.people import COLLEAGUES, PASSWORD, PIN, RESIDENTS, Aim, Home, Resident
from tenant_app.demo.plan_reviews import review_plans
from tenant_app.demo.programme import run_groups
from tenant_app.demo.registers import keep_registers
from tenant_app.demo.rights import ask_about_records
from tenant_app.demo.series import run_series
from tenant_app.demo.supervising import supervise
from tenant_app.demo.taking_part import take_part
from tenant_app.demo.town import WEEKS, Town
from tenant_app.demo.trained import train_everyone
from tenant_app.demo.watching_over import watch_over
from tenant_app.goals.evidence import show
from tenant_app.goals.obstacles import plan_for
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.keys import Keys
from tenant_app.settings import Settings


def settle_in(session: Session, settings: Settings, keys: Keys, now: datetime) -> None:
    """Fill an empty database with the house as it is after six weeks, ending at `now`."""
    town = Town(session, settings, now)
    with town.at(-7 * WEEKS, 8):
        _open_homes(town)
        _welcome_staff(town, keys)
        _welcome_tenants(town)
    for number, resident in enumerate(RESIDENTS):
        for place, aim in enumerate(resident.aims):
            _live_towards(town, resident, aim, begins=-40 + 3 * number % 14 + 2 * place)
    train_everyone(town)
    run_groups(town)
    run_series(town)
    take_part(town)
    keep_registers(town)
    meet(town)
    inspect(town)
    look_back(town, keys.seal)
    keep_house(town)
    write_plans(town)
    check_in_weekly(town)
    write_letters(town)
    chat(town)
    move_on(town)
    review_plans(town)
    supervise(town)
    work_together(town)
    ask_about_records(town)
    watch_over(town)
    session.flush()


def _placed(weeks_here: int) -> tuple[Stage, Intensity | None]:
    """Where somebody is by how long they have been here; how much support, where it was talked about already."""
    if weeks_here < 8:
        return Stage.SETTLING_IN, None
    if weeks_here < 52:
        return Stage.WORKING_ON_IT, Intensity.MEDIUM
    return Stage.PREPARING_TO_MOVE, Intensity.LOW


def _open_homes(town: Town) -> None:
    seen: dict[str, Home] = {resident.home.name: resident.home for resident in RESIDENTS}
    for home in seen.values():
        town.homes[home.name] = Property(name=home.name, address=home.address, borough=home.borough)
        town.session.add(town.homes[home.name])


def _welcome_staff(town: Town, keys: Keys) -> None:
    for colleague in COLLEAGUES:
        worker = welcome_worker(
            town.session, colleague.name, colleague.email, colleague.role,
            building=town.homes[colleague.home.name] if colleague.home else None, footing=colleague.footing,
        )  # fmt: skip
        choose_password(worker, PASSWORD)
        seal_totp(worker, new_secret(), keys.seal)
        town.staff[colleague.name] = worker


def _welcome_tenants(town: Town) -> None:
    for resident in RESIDENTS:
        tenant = welcome_tenant(
            town.session, resident.name, building=town.homes[resident.home.name], flat=resident.flat,
            moved_in_on=town.today - timedelta(weeks=resident.weeks_here),
            keyworker=town.staff[resident.keyworker.name], language=resident.language,
        )  # fmt: skip
        choose_pin(tenant, PIN)
        stage, intensity = _placed(resident.weeks_here)
        tenant.place(town.staff[resident.keyworker.name], stage, intensity)
        town.tenants[resident.name] = tenant


def _live_towards(town: Town, resident: Resident, aim: Aim, begins: int) -> None:
    """Write a goal, then do its steps one by one, the last of them a few days ago."""
    tenant, keyworker = town.tenants[resident.name], town.staff[resident.keyworker.name]
    with town.at(begins, 11):
        goal = write_goal(
            town.session, tenant, aim.words, why=aim.why, area=aim.area, first_step=aim.steps[0], shared=aim.shared
        )
        for words in aim.steps[1:]:
            goal.add_step(words, helper=aim.helper if words == aim.steps[-1] else "")
        if aim.hurdle:
            plan_for(town.session, goal, *aim.hurdle)
    last = -1 - len(aim.words) % 6
    for number in range(aim.done):
        day = last if number == aim.done - 1 else begins + (last - begins) * (number + 1) // aim.done
        with town.at(day, 10 + number % 8, 20):
            goal.steps[number].mark(done=True)
    for number, sure in enumerate(aim.sure):
        with town.at(begins + (last - begins) * number // max(len(aim.sure) - 1, 1), 12):
            goal.say_confidence(sure)
    if aim.note or aim.took:
        with town.at(last, 20):
            goal.look_back(aim.took)
            if aim.note:
                show(town.session, goal, aim.note)
    if aim.paused:
        with town.at(-4, 18):
            goal.pause(paused=True)
    if aim.review:
        with town.at(-1, 15, 40):
            review = review_goal(town.session, keyworker, goal, aim.review, suggested_step=aim.suggestion)
        if not aim.suggestion:
            with town.at(-1, 19):
                review.see()
