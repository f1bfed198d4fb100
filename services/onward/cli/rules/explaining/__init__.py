"""How `onward rules explain` reads what it is given, and says why and why not."""
