"""`onward offsets`: where every service stands in what it reads, and how it goes on when that was lost."""
