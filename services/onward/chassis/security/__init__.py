"""What is sealed, and under which keys; that a process has the secrets of its installation."""
