"""What an insurer bears: policies, requests, decisions and shares."""
