"""What is said of contractors, in the reader's language, at both doors."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.repairs.contractors.models import Trade


def trade_words(trade: Trade) -> str:
    """What a trade is called."""
    return {
        Trade.PLUMBING: gettext("Plumbing"), Trade.HEATING: gettext("Heating and gas"),
        Trade.ELECTRICS: gettext("Electrics"), Trade.JOINERY: gettext("Doors, windows and joinery"),
        Trade.DAMP: gettext("Damp and mould"), Trade.ROOFING: gettext("Roofs and gutters"),
        Trade.DECORATING: gettext("Painting and plaster"), Trade.FLOORING: gettext("Floors"),
        Trade.PESTS: gettext("Pests"), Trade.LOCKS: gettext("Locks and keys"),
        Trade.FIRE: gettext("Fire safety"), Trade.LIFTS: gettext("Lifts"), Trade.CLEANING: gettext("Cleaning"),
        Trade.GENERAL: gettext("All kinds of repairs"),
    }[Trade(trade)]  # fmt: skip
