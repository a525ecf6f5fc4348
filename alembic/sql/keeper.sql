-- The keeper also sets up a network from the command line: organisations, accounts, contracts and policies.
GRANT USAGE ON SCHEMA identity, network, billing TO providerboog_keeper;
GRANT SELECT, INSERT, UPDATE ON identity.organisation, identity.person, identity.account, identity.membership,
    identity.assignment, identity.api_token TO providerboog_keeper;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA network TO providerboog_keeper;
GRANT SELECT, INSERT ON billing.insurance_policy TO providerboog_keeper;

CREATE POLICY keeper ON identity.assignment TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.arbodienst_settings TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.organisation_profile TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.contract TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.registration TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.offering TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.measured_wait TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.measured_outcome TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.measured_answers TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.measured_intervention TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON network.synonym_group TO providerboog_keeper USING (true) WITH CHECK (true);
CREATE POLICY keeper ON billing.insurance_policy TO providerboog_keeper USING (true) WITH CHECK (true);
