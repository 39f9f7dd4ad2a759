"""The questions that every model is asked, and how they are asked."""

from checks.gradient import check_gradient
from checks.judging.gradient_check import GradientCheck
from checks.parameters import GradientInputError
from checks.result import Verdict

__all__ = ["GradientCheck", "GradientInputError", "Verdict", "check_gradient"]
