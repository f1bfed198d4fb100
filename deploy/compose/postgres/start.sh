#!/bin/bash
# Starts the database of deploy/compose.yaml with TLS. The key must be the server's own, readable by nobody else.
set -euo pipefail
install --directory --owner postgres --mode 0700 /var/lib/postgresql/tls
install --owner postgres --mode 0600 /run/secrets/postgres/server.key /run/secrets/postgres/server.crt /var/lib/postgresql/tls
install --owner postgres --mode 0600 /run/secrets/postgres/passwords.sql /docker-entrypoint-initdb.d/2-passwords.sql
install --owner postgres --mode 0600 /etc/onward/pg_hba.conf /var/lib/postgresql/tls/pg_hba.conf
exec docker-entrypoint.sh postgres \
  -c ssl=on \
  -c ssl_cert_file=/var/lib/postgresql/tls/server.crt \
  -c ssl_key_file=/var/lib/postgresql/tls/server.key \
  -c ssl_min_protocol_version=TLSv1.2 \
  -c hba_file=/var/lib/postgresql/tls/pg_hba.conf \
  -c password_encryption=scram-sha-256
