"""Who is whose keyworker, and what a coordinator and a worker write down about the worker's practice."""
