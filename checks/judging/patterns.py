"""The mistakes that can be recognised: name, sentence and line to try.

Known factors are in `factors`, wrong gradients that the caller computes in `alternatives`.
Sentences are completed by `diagnosis`: {what} is "the gradient" or "the gradient of b",
{residual} the relative disagreement left once the mistake is undone, {letter} and {n} the size
that matters, {factor} the ratio of claim to truth.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """One kind of mistake: its name, the sentence that says it, and the line to try."""

    name: str
    sentence: str
    hint: str


# What the claim would be if the truth had been rearranged or changed; `hypotheses` says how.
NOT_FINITE = Pattern(
    "not finite",
    "{what} is not finite in {count} of {size} entries",
    "look for a division by zero, a logarithm of 0 or an exponential of a large number",
)
TRANSPOSED = Pattern(
    "transposed",
    "{what} is transposed: turned back it agrees to {residual}",
    "X.T @ delta has the inputs along the rows; delta.T @ X along the columns",
)
ROWS_REVERSED = Pattern(
    "rows reversed",
    "{what} comes in reverse order: turned round it agrees to {residual}",
    "keep the order of the first axis",
)
COLUMNS_REVERSED = Pattern(
    "columns reversed",
    "{what} has its columns in reverse order: turned round it agrees to {residual}",
    "keep the order of the last axis",
)
SHIFTED = Pattern(
    "shifted by one",
    "{what} is shifted by one place: moved back it agrees to {residual}",
    "look for an index that starts at 1, or runs one too far",
)
REORDERED = Pattern(
    "right numbers in another order",
    "{what} has the right numbers in another order: sorted it agrees to {residual}",
    "look for a reshape where a transpose was meant, or for sorted data",
)
SWAPPED = Pattern(
    "parameters swapped",
    "the gradients of {first} and {second} are swapped: exchanged they agree to {residual}",
    "return the gradients in the documented order of the parameters",
)
COPIED = Pattern(
    "copied from another parameter",
    "the gradient of {first} is that of {second}, to {residual}",
    "look for a line that was copied and not changed",
)
COMPONENT_ZERO = Pattern(
    "missing component",
    "{what} is zero throughout, where it should not be",
    "each parameter needs its own derivative: is this one left at its initial zero?",
)
ABSOLUTE = Pattern(
    "absolute values",
    "{what} has lost its signs: the absolute values agree to {residual}",
    "no absolute value belongs into the derivative of a square",
)
CLIPPED = Pattern(
    "clipped",
    "{what} is clipped at {factor}: entries below it agree to {residual}",
    "return the derivative itself; clipping is the business of the update",
)
SIGN_ONLY = Pattern(
    "signs only",
    "{what} is {factor} times the sign of the gradient, to {residual}",
    "the derivative of a square is proportional to the residual, not to its sign",
)
NORMALISED = Pattern(
    "normalised to unit length",
    "{what} is scaled to length 1: multiplied by {inverse} it agrees to {residual}",
    "return the derivative itself, not its direction",
)
ROUNDED = Pattern(
    "rounded",
    "{what} is rounded to {n} decimals",
    "round what you print, not what you compute with",
)
SINGLE_PRECISION = Pattern(
    "float32 precision",
    "{what} has passed through float32: every entry is a float32 number, and agrees to {residual}",
    "keep float64 throughout: no dtype=np.float32, no astype",
)
FINITE_DIFFERENCES = Pattern(
    "finite differences",
    "{what} is a finite difference with step {n}: multiplied by the step it is a whole number of "
    "rounding units, and it agrees to only {residual}",
    "write the derivative down: a difference quotient loses half of the digits",
)
SUMMED_OVER_AXIS = Pattern(
    "summed over an axis too many",
    "{what} is summed over its axis {n} and repeated: that agrees to {residual}",
    "sum over the samples only: axis=0",
)
AVERAGED_OVER_AXIS = Pattern(
    "averaged over an axis too many",
    "{what} is averaged over its axis {n} and repeated: that agrees to {residual}",
    "average over the samples only: axis=0",
)
NEW_PARAMETERS = Pattern(
    "the new parameters instead of the gradient",
    "{what} is parameters − learning_rate · gradient, to {residual}",
    "return the derivative; the update returns the new parameters",
)
PARAMETERS_RETURNED = Pattern(
    "the parameters instead of the gradient",
    "{what} is the parameters themselves, to {residual}",
    "return the derivative of the loss",
)
STEP_RETURNED = Pattern(
    "the step instead of the new parameters",
    "what is returned is the step −learning_rate · gradient, not the new parameters: "
    "added to them it agrees to {residual}",
    "return parameters − learning_rate · gradient",
)
SQUARE_ROOT = Pattern(
    "square root taken",
    "{what} is the square root of what it should be: squared it agrees to {residual}",
    "the loss is the mean square itself, not its root",
)

# Mistakes with a number in them that nobody knows beforehand: the number is fitted.
REGULARISED = Pattern(
    "regularisation added",
    "{what} has {factor} times the parameters added: without that it agrees to {residual}",
    "the documented loss has no regularisation: leave the term out of the gradient",
)
STATE_LEFT_PERTURBED = Pattern(
    "state left perturbed",
    "{what} has {factor} added to every entry, the slope of {entry}: that parameter was still "
    "perturbed; without it the gradient agrees to {residual}",
    "put every parameter back before the next one is perturbed, the last of each block too",
)
BLOCK_CONSTANT = Pattern(
    "block constant",
    "{what} has the same {factor} added to every entry: without it, it agrees to {residual}",
    "look for a parameter that was changed and not put back",
)
CONSTANT_FACTOR = Pattern(
    "constant factor",
    "{what} is {factor} times what it should be: divided by that it agrees to {residual}",
    "one factor of the chain is wrong, and it is the same for every entry",
)

# Where nothing explains the numbers: where they are wrong.
ONE_ENTRY = Pattern(
    "one entry wrong",
    "only {entry} is wrong; the other {count} entries agree to {residual}",
    "look at how this entry differs from the others: the first or the last pass of a loop, a bias",
)
ONE_ROW = Pattern(
    "one row wrong",
    "only row {entry} is wrong; the others agree to {residual}",
    "look at the first and the last pass of the loop",
)
ONE_COMPONENT = Pattern(
    "one component wrong",
    "only {what} is wrong; {others} agrees to {residual}",
    "look at the line that computes this component",
)
SMALL_ERROR = Pattern(
    "small relative error",
    "{what} agrees to {residual} and no further: a finite difference, float32 or a rounded "
    "constant inside",
    "write the derivative down, in float64, with every constant to all its digits",
)
