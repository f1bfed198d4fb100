"""One file for each partner's format. A new file is enough: `intake/partners.py` finds it here by being here."""
