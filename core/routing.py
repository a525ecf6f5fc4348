"""Routers that are asked only about addresses that may be theirs: walking past all routes of all roles takes time."""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class Section(APIRouter):
    """Routes that share the beginning of their address; `prefix` may itself stand below that of another section."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look among the routes only where the fixed part of the prefix stands in the address."""
        if self.prefix.partition("{")[0] in scope["path"]:
            return super().matches(scope)
        return Match.NONE, {}
