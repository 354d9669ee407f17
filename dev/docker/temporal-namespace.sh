#!/bin/sh
# Makes the namespace, or sets the retention of the one that is there. Safe to run again.
# TEMPORAL_ADDRESS (host:port) and TEMPORAL_NAMESPACE tell where; NAMESPACE_RETENTION is a duration such as 72h.
set -eu

within_seconds=90
deadline=$(($(date +%s) + within_seconds))

namespace_command() {
  temporal operator namespace "$@" --namespace "$TEMPORAL_NAMESPACE" --address "$address" --command-timeout 15s
}

keep_namespace() {
  # For a name, the tool would ask for service settings in the DNS too, and on an internal network nobody answers that.
  address="$(getent hosts "${TEMPORAL_ADDRESS%:*}" | awk '{ print $1; exit }'):${TEMPORAL_ADDRESS##*:}"
  if namespace_command describe >/dev/null 2>&1; then
    namespace_command update --retention "$NAMESPACE_RETENTION"
  else
    namespace_command create --retention "$NAMESPACE_RETENTION"
  fi
}

# A server that has just started answers before it can keep namespaces.
until keep_namespace; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "The namespace $TEMPORAL_NAMESPACE could not be made within $within_seconds s." >&2
    exit 1
  fi
  sleep 2
done
