"""The least that a search over HTTP can cost: an endpoint that asks the same engine the same, and checks nothing.

`python -m bench.bare PORT ANSWERS` serves; ANSWERS holds what the API said to each question, of which this endpoint
sends the results that the engine names, without database, sign-in or model.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Query, Request
from starlette.responses import JSONResponse

from bench.network import TENANT
from core.settings import Settings
from search.engines import engine_for
from search.query import SearchFilters

PATH = "/bare"


def build(settings: Settings, answers: dict[str, dict[str, Any]]) -> FastAPI:
    """Return the app with its one endpoint."""
    app, engine = FastAPI(), engine_for(settings)
    known = {question: {result["id"]: result for result in answer["results"]} for question, answer in answers.items()}

    @app.get(PATH)
    def bare(request: Request, query: Annotated[SearchFilters, Query()]) -> JSONResponse:
        found = engine.search(query.for_tenant(TENANT))
        results = known[request.url.query]
        return JSONResponse(
            {
                **answers[request.url.query],
                "total": found.total,
                "facets": found.facets,
                "results": [results[str(hit.offering_id)] for hit in found.hits if str(hit.offering_id) in results],
            }
        )

    return app


def main() -> None:
    """Serve until asked to stop."""
    port, answers = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    uvicorn.run(build(Settings(), answers), host="127.0.0.1", port=port, access_log=False, log_config=None)


if __name__ == "__main__":
    main()
