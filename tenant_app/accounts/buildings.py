"""The buildings that people live in."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tenant_app.database import Base, Id


class Property(Base):
    """A building that the association runs."""

    __tablename__ = "property"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200), default="")
    borough: Mapped[str] = mapped_column(String(40), default="")
