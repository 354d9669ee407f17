#!/bin/sh
# Makes Temporal's two databases and brings their schemas to the version of this image. Safe to run again.
# SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD and SQL_PLUGIN tell temporal-sql-tool where.
set -eu

schema=/etc/temporal/schema/postgresql/v12

bring_up_to_date() {
  temporal-sql-tool --db "$1" create
  temporal-sql-tool --db "$1" setup-schema --version 0.0
  temporal-sql-tool --db "$1" update-schema --schema-dir "$schema/$2/versioned"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
