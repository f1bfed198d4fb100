#!/bin/bash
# Starts the broker of deploy/compose.yaml. The logins come from a file and never are arguments.
set -euo pipefail
umask 077
properties=/tmp/server.properties
{
  cat /etc/onward/server.properties
  echo "advertised.listeners=INSIDE://kafka:9093,OUTSIDE://${ONWARD_KAFKA_NAME:?a name that partners know}:9094"
  cat /run/secrets/kafka/logins.properties
} > "$properties"
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config "$properties"
exec /opt/kafka/bin/kafka-server-start.sh "$properties"
