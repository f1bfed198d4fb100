"""What is worth a second look in rules that load and pass: each finding says where, what and what to do."""
