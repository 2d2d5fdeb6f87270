"""Wishes for reminders in free words."""
