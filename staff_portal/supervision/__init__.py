"""Supervision: a coordinator's team and its caseloads, who stands in, who is whose keyworker, and notes on practice."""
