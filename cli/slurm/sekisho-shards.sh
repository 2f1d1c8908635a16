#!/bin/sh
#SBATCH --job-name=sekisho
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --nice=1000
# One large share on several machines: each task of the job array scans its shard into a store of its own; a task that is
# killed or times out resumes when it is submitted again. Then:
#   sekisho report nightly --state STATE_DIR/shard-1.db --state STATE_DIR/shard-2.db ...
#
#   SHARE=/mnt/fs01 AS=/share STATE_DIR=/var/lib/sekisho SITE_KEY=/etc/sekisho/site.secret sbatch --array=1-16 sekisho-shards.sh
#
# SITE_KEY (sekisho index key FILE) must be the same file content on all nodes: with it people are counted once over all shards.
set -u
umask 077
: "${SHARE:?}" "${AS:?}" "${STATE_DIR:?}" "${SITE_KEY:?}"
i=${SLURM_ARRAY_TASK_ID:?run me with sbatch --array=1-N} n=${SHARDS:-${SLURM_ARRAY_TASK_COUNT:?}}
set -- --as "$AS" --shard "$i/$n" --site-key "$SITE_KEY" --state "$STATE_DIR/shard-$i.db" --quiet \
    -j "${SLURM_CPUS_PER_TASK:-1}" --format jsonl -o "$STATE_DIR/shard-$i.jsonl"
[ -n "${POLICY:-}" ] && set -- --policy "$POLICY" "$@"
[ -n "${UNTIL:-}" ] && set -- --until "$UNTIL" "$@"
[ -n "${AS_OF:-}" ] && set -- --as-of "$AS_OF" "$@"
"${SEKISHO:-sekisho}" scan "$@" "$SHARE"
code=$?
# Violations (1) and things not inspected (2) are results; anything from 64 on means that the shard was not scanned.
echo "$code" > "$STATE_DIR/shard-$i.exit"
[ "$code" -lt 64 ]
