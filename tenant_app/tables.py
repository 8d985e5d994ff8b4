"""Everything that must be known before a door opens: all tables, and how all notices are worded."""

# ruff: noqa: F401 - importing them is what this module is for; a tidy-up that drops them empties the house
from tenant_app.accounts import entry as _entry
from tenant_app.accounts import models as _accounts
from tenant_app.database import Base
from tenant_app.goals import models as _goals
from tenant_app.goals import notices as _goal_notices
from tenant_app.reminders import models as _reminders

__all__ = ["metadata"]

metadata = Base.metadata
