"""What the commands that propose, approve, publish, roll back and look back have in common."""
