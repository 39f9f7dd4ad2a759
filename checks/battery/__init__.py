"""Asks: one question per function; returns CheckResult, never asserts, never imports pytest."""

from checks.battery.check import Check, Finding
from checks.battery.contract import CONTRACT
from checks.battery.convergence import CONVERGENCE
from checks.battery.gradient import GRADIENT_OWN, GRADIENT_REFERENCE
from checks.battery.oracle import Oracle
from checks.battery.stability import STABILITY
from checks.battery.step_rules import STEP_RULE_BATTERY
from checks.battery.update import UPDATE
from checks.battery.values import LOSS, PREDICT
from checks.battery.vectorised import VECTORISED
from reference.contract import Entry, Kind

BATTERY: tuple[Check, ...] = (
    CONTRACT,
    PREDICT,
    LOSS,
    GRADIENT_OWN,
    GRADIENT_REFERENCE,
    UPDATE,
    CONVERGENCE,
    STABILITY,
    VECTORISED,
)


def battery_of(entry: Entry) -> tuple[Check, ...]:
    """The questions that are put to this kind of entry, the contract first."""
    return STEP_RULE_BATTERY if entry.kind is Kind.STEP_RULE else BATTERY


__all__ = ["BATTERY", "STEP_RULE_BATTERY", "Check", "Finding", "Oracle", "battery_of"]
