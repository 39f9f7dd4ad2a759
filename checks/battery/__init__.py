"""Asks: one question per function; returns CheckResult, never asserts, never imports pytest."""

from checks.battery.check import Check, Finding
from checks.battery.contract import CONTRACT
from checks.battery.convergence import CONVERGENCE
from checks.battery.gradient import GRADIENT_OWN, GRADIENT_REFERENCE
from checks.battery.oracle import Oracle
from checks.battery.stability import STABILITY
from checks.battery.update import UPDATE
from checks.battery.values import LOSS, PREDICT
from checks.battery.vectorised import VECTORISED

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

__all__ = ["BATTERY", "Check", "Finding", "Oracle"]
