#!/bin/sh
# The four roles and the database, at PostgreSQL's first start. For a PostgreSQL of your own, run the same SQL.
set -eu

psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner="$(cat /run/secrets/owner_password)" \
    --set web="$(cat /run/secrets/web_password)" \
    --set keeper="$(cat /run/secrets/keeper_password)" \
    --set backup="$(cat /run/secrets/backup_password)" <<'SQL'
CREATE ROLE hotelrecords_owner LOGIN PASSWORD :'owner';
CREATE ROLE hotelrecords_web LOGIN PASSWORD :'web';
CREATE ROLE hotelrecords_keeper LOGIN PASSWORD :'keeper';
CREATE ROLE hotelrecords_backup LOGIN CREATEDB PASSWORD :'backup';
GRANT pg_read_all_data TO hotelrecords_backup;
ALTER ROLE hotelrecords_owner SET jit = off;
ALTER ROLE hotelrecords_web SET jit = off;
ALTER ROLE hotelrecords_keeper SET jit = off;
ALTER ROLE hotelrecords_backup SET jit = off;
ALTER ROLE hotelrecords_web SET max_parallel_workers_per_gather = 0;
ALTER ROLE hotelrecords_owner SET idle_in_transaction_session_timeout = '10min';
ALTER ROLE hotelrecords_web SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE hotelrecords_keeper SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE hotelrecords_web SET idle_session_timeout = '1h';
CREATE DATABASE hotelrecords OWNER hotelrecords_owner;
REVOKE ALL ON DATABASE hotelrecords FROM PUBLIC;
GRANT CONNECT ON DATABASE hotelrecords TO hotelrecords_web, hotelrecords_keeper, hotelrecords_backup;
\connect hotelrecords
ALTER SCHEMA public OWNER TO hotelrecords_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hotelrecords_web, hotelrecords_keeper;
SQL
