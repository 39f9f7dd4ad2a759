"""The ways of writing of the five documents: their names and orders, put under the contract."""
