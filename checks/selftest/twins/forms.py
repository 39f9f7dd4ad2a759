"""One answer in many forms, and fewer functions than there could be."""

from __future__ import annotations

from checks.selftest.twins.twin import (
    Twin,
    as_columns_first,
    as_dict,
    as_float64,
    as_list,
    as_named_tuple,
    as_numbers,
    as_one_tuple,
    as_prefixed_dict,
    as_reversed_dict,
    as_views,
    only,
    returning,
)

FORMS: tuple[Twin, ...] = (
    *returning("a dict", as_dict, "line", "network", "hill"),
    *returning("a dict with d in front", as_prefixed_dict, "line", "mlp", "slope"),
    *returning("a dict in another order", as_reversed_dict, "plane", "network_biased"),
    *returning("a list", as_list, "line_half_sse", "network", "bowl"),
    *returning("a named tuple", as_named_tuple, "multilinear", "mlp"),
    *returning("Python numbers", as_numbers, "line", "plane", "network"),
    *returning("a tuple of one", as_one_tuple, "slope", "neuron", "parabola"),
    *returning("columns first", as_columns_first, "network", "mlp"),
    *returning("views", as_views, "multilinear", "network_biased"),
    *returning("NumPy scalars", as_float64, "line", "hill", "sextic"),
    *returning("a dict", as_dict, "plane", "mlp", function="update"),
    *returning("a list", as_list, "line", "hill", function="update"),
    *returning("NumPy scalars", as_float64, "slope", function="update"),
    *returning("a dict", as_dict, "dense", "sigmoid", function="backward"),
    *returning("a list", as_list, "dense", function="backward"),
    *returning("a tuple of one", as_one_tuple, "sigmoid", function="backward"),
)

FEWER: tuple[Twin, ...] = (
    only("line", "loss", "gradient"),
    only("plane", "predict", "gradient"),
    only("network", "predict", "gradient"),
    only("mlp", "loss", "gradient"),
    only("line_half_sse", "predict", "update"),
    only("multilinear", "loss", "update"),
    only("neuron", "loss", "update"),
    only("network_biased", "predict", "loss", "update"),
    only("hill", "loss", "gradient"),
    only("bowl", "loss", "update"),
    only("linear_system", "predict", "update"),
    only("sigmoid_cross_entropy", "loss", "update"),
)
