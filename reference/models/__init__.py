"""One module for each documented model, in the contract that a submission has."""
