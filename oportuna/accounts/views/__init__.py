"""Screens of people and companies."""
