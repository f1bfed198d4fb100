"""What a process says of itself and of the deployment: logs, metrics, health, and errors of servers in words."""
