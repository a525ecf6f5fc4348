"""What the command line can do: a module each with `run`, read in only when it is asked for."""

COMMANDS = {
    "demo": "Set everything up, load the demo network once, and serve it with a worker beside.",
    "serve": "Serve both doors.",
    "worker": "Do the jobs of the queue.",
    "migrate": "Bring the database to the newest schema.",
    "backup": "Write the whole database to a sealed file, and prove it by a restore elsewhere.",
    "restore": "Fill an empty database from a backup, and prove it.",
    "reindex": "Build the search index anew, beside the one that serves.",
    "rotate-keys": "Wrap the keys under which health words are sealed anew, while everything runs.",
    "token": "Print an API token for an account, and nothing else.",
    "audit-verify": "Prove the audit trail whole, against the anchors in the files that are named.",
    "docs": "Write the page of who may do what.",
}
WITHOUT_DATABASE = frozenset({"docs"})
