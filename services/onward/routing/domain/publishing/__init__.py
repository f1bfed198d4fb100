"""Rules and directory as signed data: contents, releases, signatures, and a bundle in the shadow."""
