"""The ledger, retention, the disposal list and what a file of a case holds."""
