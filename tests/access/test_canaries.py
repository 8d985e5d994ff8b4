"""S5, small: one worker of each role and five tenants, each with another consent, read what they can reach. The whole
crawl is `python -m tests.faults S5`; what a browser keeps is looked through by the journeys."""

from __future__ import annotations

from tests.access.canaries import unnamed
from tests.access.leaks import hunt, leak, sow
from tests.access.world import lived_in_house
from tests.faults.stage import empty_house


def test_every_table_with_private_words_says_who_reads_it() -> None:
    assert unnamed() == [], "name them in READERS of tests/access/canaries.py"


def test_nobody_reads_what_is_anothers_and_a_leak_would_show() -> None:
    with empty_house("sqlite") as settings, lived_in_house(settings) as database:
        planted = sow(settings, database)
        found = hunt(settings, database, each=1, most=60, every_worker=False, records=1, planted=planted)

        assert found.forbidden == []
        assert (found.in_logs, found.in_addresses, found.on_lock_screens) == ([], [], [])
        assert {"goal", "plan_line", "check_in", "message", "medicine", "repair"} <= found.tables_read

        with database.step() as session:
            leak(session, next(one for one in planted if one.table == "plan_line"))
        loose = hunt(settings, database, each=1, most=20, every_worker=False, records=0, planted=planted)
        assert loose.forbidden != []
