"""How things are said to a person at a terminal, and to a program: the one place that renders."""
