"""Who lives and works in the demo house. All of them are made up; telephone numbers are from the range kept for drama."""

from __future__ import annotations

from dataclasses import dataclass, field

from tenant_app.accounts.models import Footing, Role

PIN = "482915"
PASSWORD = "a kettle and two cups"  # noqa: S105 - a demo that hid how to sign in would be no demo


@dataclass(frozen=True)
class Home:
    """One building."""

    name: str
    address: str
    borough: str


ALMA = Home("Alma Road", "12 Alma Road, London N5", "Islington")
MARE = Home("Mare Street", "301 Mare Street, London E8", "Hackney")


@dataclass(frozen=True)
class Colleague:
    """One member of staff."""

    name: str
    role: Role
    home: Home | None = None
    footing: Footing = Footing.EMPLOYEE

    @property
    def email(self) -> str:
        return self.name.split()[0].lower() + "@wrenfield.example"


GRACE = Colleague("Grace Okafor", Role.KEYWORKER, ALMA)
TARIQ = Colleague("Tariq Aziz", Role.KEYWORKER, ALMA)
MAEVE = Colleague("Maeve Brennan", Role.KEYWORKER, MARE)
JOANA = Colleague("Joana Silva", Role.FACILITATOR)
NASRIN = Colleague("Nasrin Begum", Role.COORDINATOR)
DEVON = Colleague("Devon Hart", Role.HOUSING_OFFICER)
PRIYA = Colleague("Priya Shah", Role.ADMINISTRATOR)
RUTH = Colleague("Ruth Adler", Role.FACILITATOR, footing=Footing.PEER)
KIT = Colleague("Kit Moss", Role.FACILITATOR, footing=Footing.VOLUNTEER)
COLLEAGUES = (GRACE, TARIQ, MAEVE, JOANA, NASRIN, DEVON, PRIYA, RUTH, KIT)


@dataclass(frozen=True)
class Aim:
    """A goal and how far it has come: `done` of its steps, one every few days."""

    words: str
    why: str
    area: str
    steps: tuple[str, ...]
    done: int = 0
    shared: bool = True
    paused: bool = False
    review: str = ""
    suggestion: str = ""
    sure: tuple[int, ...] = ()
    """How sure they were, 1 to 10, from the day they wrote it until lately."""
    hurdle: tuple[str, str] | None = None
    """What may get in the way, and what they will do then."""
    helper: str = ""
    """Who helps with the last step."""
    note: str = ""
    """What they put with it to look back on."""
    took: str = ""
    """What it took, of a goal that was reached."""


@dataclass(frozen=True)
class Resident:
    """One tenant: where they live, who supports them, and what they are about."""

    name: str
    flat: str
    home: Home
    keyworker: Colleague
    language: str = "en"
    weeks_here: int = 20
    aims: tuple[Aim, ...] = ()
    medicines: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """(name, amount, times of day)"""
    groups: tuple[str, ...] = field(default=())
    weekly_pence: int = 1420
    """Service charge that they pay themselves, each week."""


AMINA = Resident(
    "Amina Warsame", "Flat 4", ALMA, GRACE, weeks_here=31,
    aims=(
        Aim("Cook for myself twice a week", "Mum’s lentil soup. I want the kitchen to smell like that again.", "health",
            ("Choose two meals I like", "Buy a chopping board and a knife", "Make lentil soup with Grace",
             "Come to Cooking together", "Cook rice and beans on my own", "Ask Linh over for dinner"), done=3,
            review="That soup smelled wonderful. The neighbours asked who was cooking.",
            suggestion="Write the recipe down for next time", sure=(4, 6, 8), helper="my sister Ifrah",
            hurdle=("I am too tired in the evening", "I cook at noon and warm it up at night"),
            note="The neighbours asked who was cooking."),
        Aim("Computers for work", "", "learning",
            ("Ring the library about the computer course", "Go and look at the room", "First lesson"), done=0),
        Aim("Write to my brother", "We have not spoken since the spring.", "people", ("Find his new address",), shared=False),
    ),
    medicines=(("Metformin 500 mg", "1 tablet, with food", ("09:00", "21:00")), ("Sertraline 50 mg", "1 tablet", ("09:00",))),
    groups=("cooking-together", "budgeting"),
)  # fmt: skip

RESIDENTS = (
    AMINA,
    Resident(
        "Tomasz Wójcik", "Flat 7", ALMA, GRACE, weeks_here=44,
        aims=(
            Aim("Back to work in a kitchen", "I was good at it.", "learning",
                ("Food hygiene certificate", "Write my CV", "Ask at the café on Essex Road", "A trial shift",
                 "Talk to my work coach", "First week"), done=4,
                review="Two shifts already. You were early for both."),
        ),
        medicines=(("Vitamin D", "1 capsule", ("08:30",)),), groups=("cv-writing", "walk-and-talk"),
    ),
    Resident(
        "Salma Haddad", "Flat 2", ALMA, GRACE, language="ar", weeks_here=9,
        aims=(
            Aim("إنجليزية للحافلة والبنك", "أريد أن أذهب وحدي.", "learning",
                ("أتعلّم أسماء الشوارع", "أسأل السائق سؤالًا واحدًا", "أذهب إلى البنك مع غريس", "أذهب وحدي", "أحجز موعدًا بالهاتف"),
                done=1, sure=(3, 5), hurdle=("يفوتني اسم الموقف", "أسأل السائق بالجملة التي تعلّمتها")),
        ),
        medicines=(("Levothyroxine 50 micrograms", "1 tablet", ("07:30",)),), groups=("cooking-together", "mindfulness"),
    ),
    Resident(
        "Yusuf Demir", "Flat 11", ALMA, GRACE, language="tr", weeks_here=15,
        aims=(Aim("Her cumartesi halı saha", "Çocukken hep oynardım.", "health",
                  ("Ayakkabı bulmak", "Marek’e saati sormak", "Bir kere seyretmeye gitmek"), done=2, paused=True),),
        groups=("walk-and-talk",),
    ),
    Resident(
        "Linh Trần", "Flat 5", ALMA, GRACE, weeks_here=60,
        aims=(Aim("My own sewing table", "", "home",
                  ("Measure the corner", "Save £40", "Look in the charity shops", "Carry it up the stairs", "Sew one thing"),
                  done=5, review="It looks as if it had always stood there.", sure=(5, 9),
                  took="Errol carried one end. I asked, and he said yes."),),
        groups=("budgeting", "cooking-together"),
    ),
    Resident("Errol Campbell", "Flat 9", ALMA, GRACE, weeks_here=6,
             aims=(Aim("Sleep before midnight", "", "health", ("Phone in the kitchen at ten",), shared=False),),
             medicines=(("Amlodipine 5 mg", "1 tablet", ("08:00",)),), groups=("mindfulness",)),
    Resident("Selam Tesfaye", "Flat 1", ALMA, TARIQ, weeks_here=26,
             aims=(Aim("See my sister in Leeds", "She has a baby I have not met.", "people",
                       ("Railcard", "Choose a weekend", "Book the train"), done=1),), groups=("budgeting",)),
    Resident("Kofi Mensah", "Flat 3", ALMA, TARIQ, weeks_here=12,
             aims=(Aim("A bank account of my own", "", "money",
                       ("Proof of address", "Make an appointment", "Go there with Tariq"), done=2),),
             groups=("budgeting", "mindfulness")),
    Resident("Parisa Rahimi", "Flat 8", MARE, MAEVE, weeks_here=18,
             aims=(Aim("Draw every week", "It quietens my head.", "time", ("Buy a pad", "Find a place by the window"), done=1),),
             medicines=(("Mirtazapine 15 mg", "1 tablet", ("21:30",)),), groups=("mindfulness", "cooking-together")),
    Resident("Mary Doyle", "Flat 6", MARE, MAEVE, weeks_here=80,
             aims=(Aim("Move into my own flat", "Somewhere with a door to the garden.", "home",
                       ("Papers in one folder", "Register with the council", "Budget for a month",
                        "Look at two areas", "Talk about support after"), done=3,
                       review="The folder is the tidiest I have seen. The council has what it needs."),),
             groups=("cv-writing", "walk-and-talk")),
    Resident("Delroy Grant", "Flat 10", MARE, MAEVE, weeks_here=3, aims=(), groups=()),
    Resident("Zeynep Kaya", "Flat 12", MARE, MAEVE, language="tr", weeks_here=22,
             aims=(Aim("Ehliyet almak", "", "learning", ("Kitabı almak", "Her gün on soru"), done=1),),
             medicines=(("Ferrous sulfate 200 mg", "1 tablet, with food", ("12:30",)),), groups=("cooking-together",)),
    Resident("Marcus Bell", "Flat 14", MARE, MAEVE, weeks_here=11,
             aims=(Aim("Answer letters the day they come", "", "money", ("A tray by the door",), done=1, shared=False),),
             groups=("budgeting",)),
)  # fmt: skip
