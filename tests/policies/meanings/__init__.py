"""Tests of policies.meanings."""
