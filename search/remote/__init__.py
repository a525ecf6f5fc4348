"""The engine on a Meilisearch server, for networks that outgrow one machine."""
