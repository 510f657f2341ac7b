set +eu
cd "$fts_folder" || exit 1
# The worker is a child, so that signals can be passed on to it and its exit code is kept. Only it gets the tokens.
(
    if [ -f .tokens ]; then
        while IFS= read -r fts_line; do export "$fts_line"; done <.tokens
        [ "$fts_requeue" = yes ] || rm -f .tokens
    fi
    fts_run
) &
fts_worker=$!
while :; do
    # Without the line of the shell on a signal, which would come after the last words of the worker.
    wait "$fts_worker" 2>/dev/null
    fts_code=$?
    # A signal ends the waiting early.
    kill -0 "$fts_worker" 2>/dev/null || break
done
exit "$fts_code"
