"""The ten roles of people, and the one of jobs; one role for each membership."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the network; decides what he may do and see. None of them may do everything (R22)."""

    PHYSICIAN = "physician"  # bedrijfsarts
    DELEGATE = "delegate"  # casemanager taakdelegatie (CMTD)
    SECRETARY = "secretary"  # medisch secretariaat
    PROVIDER = "provider"  # provider, interventionist
    NETWORK_MANAGER = "network_manager"  # netwerkbeheer
    CASE_MANAGER = "case_manager"  # casemanager werkgeversregie (CM-WG)
    EMPLOYER = "employer"  # werkgever
    INSURER = "insurer"  # verzekeraar
    EMPLOYEE = "employee"  # werknemer
    AUDITOR = "auditor"  # functionaris gegevensbescherming
    SYSTEM = "system"  # jobs; nobody can sign in as it


STRANGERS = frozenset({Role.EMPLOYER, Role.INSURER})
"""Roles to whom "not yours" and "not there" are the same answer (R70)."""

CARE = frozenset({Role.PHYSICIAN, Role.DELEGATE, Role.SECRETARY, Role.PROVIDER, Role.EMPLOYEE})
"""Roles that stand on the medical side of the wall, each with his own part of it."""


class OrganisationKind(StrEnum):
    """What an organisation is in the network of an arbodienst."""

    ARBODIENST = "arbodienst"
    PROVIDER = "provider"
    EMPLOYER = "employer"
    INSURER = "insurer"
    CASE_MANAGEMENT = "case_management"
