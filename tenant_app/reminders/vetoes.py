"""What must not be said to somebody just now. Features know; they are asked before each try on any channel: what was
planned, or claimed, may have been planned before there was a reason for silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.chores import apart

Veto = Callable[[Session, Collection[UUID]], Collection[UUID]]
"""Given ids of tenants: those of them to whom it must not be said now."""

_vetoes: dict[str, Veto] = {}


def vetoed(*kinds: str) -> Callable[[Veto], Veto]:
    """Register the function that knows to whom notices of `kinds` must not be said. One function for each kind."""

    def register(veto: Veto) -> Veto:
        _vetoes.update(dict.fromkeys(kinds, veto))
        return veto

    return register


class Silence:
    """Of a batch of notices, those that must not be said now. Each feature is asked once, when its first comes up."""

    def __init__(self, session: Session, about: Iterable[tuple[str, UUID]]) -> None:
        self._session = session
        self._whom: defaultdict[Veto, set[UUID]] = defaultdict(set)
        for kind, tenant_id in about:
            if kind in _vetoes:
                self._whom[_vetoes[kind]].add(tenant_id)
        self._silent: dict[Veto, Collection[UUID]] = {}

    def covers(self, kind: str, tenant_id: UUID) -> bool:
        """Whether a notice of `kind` must not be said to this tenant. Raises what the feature raises."""
        veto = _vetoes.get(kind)
        if veto is None:
            return False
        if veto not in self._silent:
            self._silent[veto] = veto(self._session, self._whom[veto])
        return tenant_id in self._silent[veto]


def silent_kinds(session: Session, tenant: Tenant) -> list[str]:
    """Kinds of notices that must not be said to this tenant now. Where a feature fails to answer, its kinds are among
    them: what may be forbidden is not shown, and the rest of the list still is."""
    silence = Silence(session, [(kind, tenant.id) for kind in _vetoes])
    silent = []
    for kind in _vetoes:
        forbidden = True
        with apart(session, f"veto:{kind}", tenant.id):
            forbidden = silence.covers(kind, tenant.id)
        if forbidden:
            silent.append(kind)
    return silent
