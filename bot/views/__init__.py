"""Cases as cards and pages: for a channel, privately, and for home."""
