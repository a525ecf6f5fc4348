"""Pages of a provider about what it offers and where it is registered; nothing here is about anybody's health."""
