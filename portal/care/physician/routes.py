"""Every page under /arts, for physician and delegate."""

from fastapi import APIRouter

from portal.care.physician import cases

router = APIRouter(prefix="/arts")
for each in (cases,):
    router.include_router(each.router)
