"""Drawing on the map: tools, what they snap to, what can be typed, and the cards that ask on."""
