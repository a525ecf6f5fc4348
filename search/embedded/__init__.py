"""The embedded engine: tantivy in this process, its index below the data directory."""
