"""Replays an archive of situations under two bundles: who gains, who loses, and who goes elsewhere."""
