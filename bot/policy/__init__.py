"""Policy is data: packs of rules with their source, where silence is a value."""
