"""What a patron is sent, as documents."""
