"""Why a decision is as it is, and what would have made it another. Needs no package but the services' own."""
