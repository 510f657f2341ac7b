umask 077
cd "$fts_folder" || exit 1
# A second job of this attempt, which a lost answer may leave, does nothing. A job that is requeued goes on.
if ! (set -C; echo "$SLURM_JOB_ID" >"$fts_mark.started") 2>/dev/null; then
    [ "$(cat "$fts_mark.started")" = "$SLURM_JOB_ID" ] || exit 0
fi
rm -f "$fts_mark.exit" "$fts_mark.limit" "$fts_mark.cancelled"
fts_worker=
# The exit code is kept here, as Slurm soon forgets it.
fts_end() {
    fts_code=$?
    trap '' TERM USR1
    cd "$fts_folder" || exit
    # A job that Slurm starts again needs them again. One that it does not is over for the studio, which removes them then.
    if [ "$fts_requeue" = no ] || [ -e stop ]; then
        rm -f .tokens
    elif [ ! -e "$fts_mark.limit" ] && [ ! -e "$fts_mark.cancelled" ]; then
        rm -f .tokens
    fi
    echo "$fts_code" >"$fts_mark.part" && mv "$fts_mark.part" "$fts_mark.exit"
    # Slurm ends a job at its time limit for good; only the job itself can ask for another turn.
    if [ "$fts_requeue" = yes ] && [ -e "$fts_mark.limit" ] && [ ! -e stop ]; then
        scontrol requeue "$SLURM_JOB_ID"
    fi
}
fts_stop() {
    if [ -n "$fts_worker" ]; then kill -TERM "$fts_worker" 2>/dev/null; else exit 143; fi
}
trap fts_end EXIT
trap '[ -e "$fts_folder/stop" ] || : >"$fts_folder/$fts_mark.cancelled"; fts_stop' TERM
# Slurm sends this signal some time before the time limit.
trap ': >"$fts_folder/$fts_mark.limit"; fts_stop' USR1
[ ! -e stop ] || exit 143
