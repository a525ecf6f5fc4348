"""Journeys: the whole house with its demo network, walked by its ten roles over the API and in a browser."""
