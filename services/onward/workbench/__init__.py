"""The rule authors' workbench: what a rule set means, lacks and would change. Needs the extra `authors`."""
