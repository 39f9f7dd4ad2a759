"""The questions that every model is asked, and how they are asked."""

import checks.working_folder  # noqa: F401  before anything that could be found there
from checks.gradient import check_gradient
from checks.hessian import check_hessian
from checks.jacobian import check_vjp
from checks.judging.gradient_check import GradientCheck
from checks.point import GradientInputError
from checks.result import Verdict

__all__ = [
    "GradientCheck",
    "GradientInputError",
    "Verdict",
    "check_gradient",
    "check_hessian",
    "check_vjp",
]
