"""Who can help whom, where, how to reach them, and what each kind of recipient may see."""
