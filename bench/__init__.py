"""Measurements: each is a ratio of two things done side by side in one run, never a timed test."""
