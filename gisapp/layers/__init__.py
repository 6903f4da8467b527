"""The domain: values and rules. No Qt, no files, no clock, no settings."""
