"""Pictures of documents that others made: parsed in a process of their own, which has no keys."""
