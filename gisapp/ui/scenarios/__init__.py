"""Zones as they might be agreed: kept, compared, and seen beside the present ones."""
