"""What is wrong with a text that somebody wrote, and where: YAML and JSON with places, and words that were meant."""
