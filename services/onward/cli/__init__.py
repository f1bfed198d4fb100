"""`onward …`: a person at a terminal. One small file for each command; heavy imports wait until one is called."""
