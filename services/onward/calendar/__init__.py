"""Working days of England and Wales, days in London, and moments as partners write them."""
