"""What a partner's message says: values in, values out. Which partners there are, and their files, are passed in."""
