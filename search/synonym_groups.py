"""The synonyms of one network: the built-in groups, and what its manager made of them and added."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import text
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from core.clock import now
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.rows import ask
from core.validation import OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.tables import SynonymGroup
from search.analysis import fold, words
from search.synonyms import BUILT_IN, Group, Synonyms, built_in_groups, terms_of

MOST_GROUPS = 500
LONGEST_EXPRESSION = 60
MOST_EXPRESSIONS = 20

# Asked with every question in words: as text it needs no putting together.
OWN = text(
    "SELECT preferred, others FROM network.synonym_group WHERE tenant_id = :tenant ORDER BY preferred LIMIT :most"
)

Expression = Annotated[OneLine, Field(max_length=LONGEST_EXPRESSION)]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Expressions that mean the same; without others the group is switched off. `version` is 0 for an untouched one."""

    preferred: str
    others: tuple[str, ...]
    built_in: bool
    version: int

    @property
    def is_on(self) -> bool:
        """Whether it counts."""
        return bool(self.others)


class NewGroup(BaseModel):
    """A group as somebody writes it; without others it is switched off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    preferred: Expression
    others: Annotated[tuple[Expression, ...], Field(max_length=MOST_EXPRESSIONS)] = ()
    version: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for expression in (self.preferred, *self.others):
            if not words(expression):
                raise ValueError(
                    _("“%(text)s” bestaat alleen uit woorden die bij zoeken niet tellen.") % {"text": expression}
                )
        return self


def synonyms_of(session: Session, tenant_id: UUID) -> Synonyms:
    """Return what means the same in the network of a tenant; a change counts for the next question."""
    rows = ask(session, OWN, tenant=tenant_id, most=MOST_GROUPS)
    own = {row.preferred: tuple(row.others) for row in rows}
    if not own:
        return BUILT_IN
    groups = {group[0]: group[1:] for group in built_in_groups()} | own
    return _made_of(tuple((preferred, *others) for preferred, others in groups.items() if others))


def list_groups(session: Session, actor: Actor, q: str, page: int, page_size: int) -> Page[GroupView]:
    """Return the groups of the network by name, all or those in which `q` stands."""
    require(actor, Permission.MANAGE_NETWORK)
    wanted = fold(q.strip())
    found = [one for one in _groups(session, actor.tenant_id) if _mentions(one, wanted)]
    start = offset(page, page_size)
    return Page(tuple(found[start : start + page_size]), len(found), page, page_size)


def get_group(session: Session, actor: Actor, preferred: str) -> GroupView | None:
    """Return the group of this name, if there is one."""
    require(actor, Permission.MANAGE_NETWORK)
    return next((one for one in _groups(session, actor.tenant_id) if one.preferred == preferred), None)


def keep_group(session: Session, actor: Actor, new: NewGroup) -> GroupView:
    """Add a group or give it other expressions; it counts for the next question that anybody asks.

    Raises Invalid when an expression stands in another group too, for then it would mean two things, and Conflict
    when `version` is given and somebody changed the group since, or when there are too many.
    """
    require(actor, Permission.MANAGE_NETWORK)
    take_turn(session, "search.synonyms", actor.tenant_id)
    groups = {one.preferred: one for one in _groups(session, actor.tenant_id)}
    there = groups.pop(new.preferred, None)
    if new.version is not None and new.version != (there.version if there else 0):
        raise Conflict(_("Iemand heeft deze groep gewijzigd sinds u hem zag. Bekijk hem opnieuw."), code="overtaken")
    if there is None and len(groups) >= MOST_GROUPS:
        raise Conflict(_("Er zijn al %(n)s groepen.") % {"n": MOST_GROUPS}, code="too_many")
    _mean_one_thing(new, tuple(groups.values()))
    row = session.exec(_rows(actor.tenant_id).where(SynonymGroup.preferred == new.preferred)).one_or_none()
    row = row or SynonymGroup(tenant_id=actor.tenant_id, preferred=new.preferred, version=0)
    row.others = list(dict.fromkeys(one for one in new.others if one != new.preferred))
    row.version, row.changed_at = row.version + 1, now()
    session.add(row)
    session.flush()
    record(session, actor, "network:synonyms:changed", row.id)
    return _view(row)


def _mean_one_thing(new: NewGroup, others: Sequence[GroupView]) -> None:
    taken = {
        terms_of(words(text)): one.preferred for one in others if one.is_on for text in (one.preferred, *one.others)
    }
    faults = [
        FieldError("others", _("“%(text)s” staat al in de groep “%(group)s”.") % {"text": text, "group": taken[terms]})
        for text in (new.preferred, *new.others)
        if (terms := terms_of(words(text))) in taken
    ]
    if new.others and faults:
        raise Invalid(_("Een uitdrukking kan maar in één groep staan."), faults)


def _groups(session: Session, tenant_id: UUID) -> list[GroupView]:
    own = {row.preferred: _view(row) for row in session.exec(_rows(tenant_id).limit(MOST_GROUPS))}
    built_in = {group[0]: GroupView(group[0], group[1:], True, 0) for group in built_in_groups()}
    return sorted({**built_in, **own}.values(), key=lambda one: fold(one.preferred))


def _rows(tenant_id: UUID) -> SelectOfScalar[SynonymGroup]:
    return select(SynonymGroup).where(SynonymGroup.tenant_id == tenant_id)


def _view(row: SynonymGroup) -> GroupView:
    return GroupView(row.preferred, tuple(row.others), row.preferred in _built_in_names(), row.version)


@lru_cache(maxsize=1)
def _built_in_names() -> frozenset[str]:
    return frozenset(group[0] for group in built_in_groups())


def _mentions(group: GroupView, wanted: str) -> bool:
    return not wanted or any(wanted in fold(text) for text in (group.preferred, *group.others))


@lru_cache(maxsize=64)
def _made_of(groups: tuple[Group, ...]) -> Synonyms:
    return Synonyms(groups)
