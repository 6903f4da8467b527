"""Reading what people have: files, their columns, places and times, to a layer."""
