"""Agreements in the window: their list, form, page and life, and the log of possible breaches."""
