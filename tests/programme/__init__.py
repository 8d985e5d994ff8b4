"""The programme: series, changes to them, the staff pages of them and what they come to."""
