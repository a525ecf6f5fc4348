"""Every page under /arts, for physician and delegate."""

from fastapi import APIRouter

from portal.care.physician import case, cases, consents, judgement

router = APIRouter(prefix="/arts")
for each in (cases, case, consents, judgement):
    router.include_router(each.router)
