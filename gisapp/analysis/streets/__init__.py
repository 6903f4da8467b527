"""Streets as a network, and zones made from them."""
