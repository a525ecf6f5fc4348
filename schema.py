"""Every tables module of the house, named once, so that the metadata is whole wherever it is needed."""

from types import ModuleType

from sqlmodel import SQLModel

import billing.tables
import cases.tables
import identity.tables
import medical.tables
import network.tables

MODULES: tuple[ModuleType, ...] = (identity.tables, network.tables, cases.tables, billing.tables, medical.tables)
SCHEMAS = ("identity", "network", "cases", "billing", "medical")
metadata = SQLModel.metadata
