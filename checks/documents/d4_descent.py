"""What D4 says: descent on surfaces, the line with mean squared error, learning rates."""

from __future__ import annotations

from checks.documents.claim import Claim

CLAIMS: tuple[Claim, ...] = (
    Claim(
        "D4.1",
        "every descent on the hill ends in a minimum and follows the negative gradient",
        "100 seeded starts: value −1, gradient 0, positive Hessian, monotone, steps along −∇f",
        why="from random starts; exactly on a saddle or a maximum the gradient is 0 and it stays",
    ),
    Claim(
        "D4.2",
        "with two equal global minima and a local one between, the start decides which is reached",
        "x⁶ − 5x⁴ + 6x² from either side of its humps at x² = (5 − √7)/3",
        why="the document gives no formula: ours has the shape that it describes",
    ),
    Claim(
        "D4.3",
        "losses of the line at rate 0.015 on 100 noisy points of 2x + 1, every 10 iterations",
        "the form a(1 − 0.03 mean x²)^2t + c(1 − 0.03)^2t + L, which theory gives, fitted: a, c, L",
        why="unseeded, so verified in form; the start that a and c imply is a draw from U(0, 1)",
        printed=(
            *("2.997", "1.483", "0.824", "0.537", "0.412"),
            *("0.358", "0.334", "0.323", "0.319", "0.317"),
        ),
        found=("2.66227", "0.01932", "0.31541"),
    ),
    Claim(
        "D4.4",
        "on parabolic data descent reaches the minimum as well, and that minimum is high",
        "descent against SciPy's least squares, and its floor against the noise variance",
    ),
    Claim(
        "D4.5",
        "on the bowl a small rate is slow, a good one arrives in about 25 iterations, a larger one "
        "oscillates and settles, a too large one diverges to about 1e18",
        "rates either side of 1/5, 1/3 and 2/5, which theory gives as the borders",
    ),
    Claim(
        "D4.6",
        "with many inputs the same rule holds, with vectors",
        "the reference model with several inputs; with one it is the line",
    ),
    Claim(
        "D4.7",
        "the gradient points where f increases fastest",
        "slopes along 360 directions at seeded points of the hill",
    ),
    Claim(
        "D4.8",
        "a convex function has one minimum, which descent reaches from everywhere",
        "the parabola from 41 starts",
    ),
    Claim(
        "D4.9",
        "a start on the hill has a destined minimum",
        "the minimum of its diamond: x + y at the nearest multiple of 2π, x − y at the nearest odd "
        "multiple of π, since the hill is ½ cos(x − y) − ½ cos(x + y)",
    ),
    Claim(
        "D4.10",
        "gradients of the line's mean squared error and of the surfaces",
        "the reference models against numerical derivatives with error bars",
    ),
    Claim(
        "D4.11",
        "the fitted line lies close to the true one and its loss is low",
        "50 seeded samples: slope and offset within their standard errors, loss at the noise",
    ),
    Claim(
        "D4.12",
        "following the gradient maximises (gradient ascent)",
        "ascent on the hill ends at height 1 with a negative Hessian",
    ),
    Claim(
        "D4.13",
        "Adam settles much of the trouble with learning rates by itself",
        "the bowl at a rate at which plain descent diverges",
    ),
    Claim(
        "D4.14",
        "a model too flexible fits the noise (high variance), one too stiff misses the form",
        "polynomials of degree 1, 2 and 15 on parabolic data: losses on sample and new data",
    ),
)
