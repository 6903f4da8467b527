"""What officers have to know, as values: shift sheets and operational instructions."""
