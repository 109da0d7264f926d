"""The practice desk: a page in the browser over the same desk as Slack and Teams, for trying, training and replay."""
