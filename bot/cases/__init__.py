"""What happens to cases. Pure: no clock, no disk, no network."""
