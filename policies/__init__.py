"""What we know: the compendium, its revisions, its tracks, and the way to the right clause."""
