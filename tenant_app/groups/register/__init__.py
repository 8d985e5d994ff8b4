"""Registers: who came, checking in by oneself, and asking after whoever was missed."""
