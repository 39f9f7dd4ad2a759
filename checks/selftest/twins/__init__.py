"""Implementations that look different and are right: nothing may fail them."""
