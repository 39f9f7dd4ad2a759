"""The one list of twins, top to bottom."""

from __future__ import annotations

from checks.selftest.twins.forms import FEWER, FORMS
from checks.selftest.twins.functions import FUNCTIONS
from checks.selftest.twins.sums import SUMS
from checks.selftest.twins.twin import Twin

TWINS: tuple[Twin, ...] = (*FORMS, *FEWER, *SUMS, *FUNCTIONS)
