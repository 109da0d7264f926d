"""The policies that come with the program, one folder each, one file per version."""
