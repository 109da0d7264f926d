"""Slack: the same desk where staff already are. The only package that imports slack_*."""
