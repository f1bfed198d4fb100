"""`onward rules`: for people who write rules. One file for each command; none needs a server unless it says so."""
