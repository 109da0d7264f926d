"""Due dates with the proof of their arithmetic."""
