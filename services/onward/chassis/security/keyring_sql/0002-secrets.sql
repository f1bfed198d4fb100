-- With which pepper and master key this database was made: fingerprints, never the secrets. One row for each secret.
-- Beside the keys, because every service that reads the database reads these: grant select on it to all of them.
create table if not exists keyring.secret_fingerprint (
    secret   text primary key,
    record   text not null,            -- JSON of `onward.installation-secret.v1`, as on the topic `installation`
    noted_at timestamptz not null default now()
);
