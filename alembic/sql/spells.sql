-- Nobody is sick twice at once (R64): what the use case refuses with a sentence, the database refuses whoever asks.
CREATE FUNCTION cases.spells_stand_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases.sick_spell other
        JOIN cases.absence_case theirs ON theirs.id = other.case_id
        JOIN cases.absence_case ours ON ours.employee_id = theirs.employee_id
        WHERE ours.id = NEW.case_id AND other.id <> NEW.id
            AND daterange(other.first_sick_day, other.recovered_on) && daterange(NEW.first_sick_day, NEW.recovered_on)
    ) THEN
        RAISE EXCEPTION 'spells of sickness overlap' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER apart AFTER INSERT OR UPDATE ON cases.sick_spell
    FOR EACH ROW EXECUTE FUNCTION cases.spells_stand_apart();
