"""Which local authority a postcode is in: what the project knows, and what an operator imports."""
