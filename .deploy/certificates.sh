#!/bin/sh
# Makes what a team's engines have in common, once: an authority and a certificate for the render cluster's mutual TLS,
# and the secret with which media URLs are signed.
#
#   certificates.sh FOLDER
#
# Whoever holds cluster.key can run code on every worker: keep it where engines, scheduler and workers are, and nowhere
# else. The authority's own key is thrown away: to replace the certificates, empty the folder and run this again.
set -eu
cd "$1"
[ ! -e cluster.key ] || exit 0
umask 077
curve="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
# shellcheck disable=SC2086
openssl req -x509 $curve -days 3650 -subj "/CN=focus render cluster" -keyout ca.key -out ca.pem 2>/dev/null
# shellcheck disable=SC2086
openssl req $curve -subj "/CN=focus render node" -keyout cluster.key.new -out cluster.csr 2>/dev/null
openssl x509 -req -days 3650 -in cluster.csr -CA ca.pem -CAkey ca.key -set_serial 1 -out cluster.pem 2>/dev/null
rm ca.key cluster.csr
chmod 644 ca.pem cluster.pem
openssl rand -hex 32 > signing.secret
[ "$(id -u)" != 0 ] || chown "$(stat -c %u /home/focus 2>/dev/null || echo 0)" cluster.key.new signing.secret
mv cluster.key.new cluster.key
