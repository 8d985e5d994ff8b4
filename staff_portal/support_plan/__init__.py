"""Reviews of support plans as a keyworker prepares, holds, writes down and signs them: one page for each."""
