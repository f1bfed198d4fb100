"""Rule files in one form: the same meaning, the same comments."""
