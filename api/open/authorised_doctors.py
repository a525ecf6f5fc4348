"""The doctor whom an employer authorises for an employee, over JSON (R16)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from cases.authorised_doctors import NewDoctor, declare_own, end_doctor, list_doctors, name_doctor
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/cases/{case_id}/authorised-doctors", tags=["cases"])
Namer = Annotated[Work, open_side(Permission.NAME_DOCTOR)]


class DoctorOut(BaseModel):
    """A doctor who is, or was, authorised."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    register_number: str
    named_at: datetime
    ended_at: datetime | None


class DoctorsOut(BaseModel):
    """The doctors who are authorised now."""

    results: list[DoctorOut]


@router.get("")
def doctors(work: Annotated[Work, open_side(Permission.SEE_CASES)], case_id: UUID) -> DoctorsOut:
    """Return who is authorised for the employee of a case."""
    found = list_doctors(work.session, work.actor, case_id)
    return DoctorsOut(results=[DoctorOut.model_validate(doctor) for doctor in found])


@router.post("", status_code=201)
def named(work: Namer, case_id: UUID, body: NewDoctor) -> DoctorOut:
    """Write down whom the employer authorises."""
    return DoctorOut.model_validate(name_doctor(work.session, work.actor, case_id, body))


@router.post("/myself", status_code=201)
def declared(work: Annotated[Work, open_side(Permission.DECLARE_DOCTOR)], case_id: UUID) -> DoctorOut:
    """Say that the employer authorised the caller himself; then somebody else is the physician of this case."""
    return DoctorOut.model_validate(declare_own(work.session, work.actor, case_id))


@router.delete("/{doctor_id}")
def ended(work: Namer, case_id: UUID, doctor_id: UUID) -> DoctorOut:
    """Write down that a doctor is no longer authorised."""
    return DoctorOut.model_validate(end_doctor(work.session, work.actor, case_id, doctor_id))
