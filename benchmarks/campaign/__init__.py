"""The kill campaign: switchovers of a real pair while what drives them is killed and frozen at random moments."""
