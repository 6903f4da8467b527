"""The style editor: how a layer looks, changed on the map at once."""
