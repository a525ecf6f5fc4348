"""`make rotate-keys`: everything under the newest master key, while the app runs."""

import argparse

from commands.opening import opened
from core.embedded_postgres import EmbeddedPostgres
from core.key_rotation import rotate
from core.settings import Settings
from identity.sealing_anew import seal_anew


def run(settings: Settings, options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Wrap the keys of tenants under the first master key, and seal under it what rests on none of them.

    With `--new-tenant-keys` each tenant is given a new key as well.
    """
    with opened(settings, server) as database:
        done = rotate(database.owner, settings.key_service, new_tenant_keys=options.new_tenant_keys)
        sealed = seal_anew(database.owner, settings)
    print(  # noqa: T201 -- for the person at the terminal
        f"{done.tenant_keys} keys of tenants and {done.data_keys} of cases wrapped anew, {done.destroyed} destroyed;"
        f" {sealed} secrets of second factors and kept answers sealed anew"
    )
