"""The layers of the project as a list, and what is worked out from them."""
