#!/usr/bin/env bash
# What action.yml runs: checks the folder once, writes SARIF and the job summary, and keeps the exit
# code for the last step, so that a report is uploaded whatever it says.
#
# Takes EVLINT (the program), EVLINT_PATH, EVLINT_ARGS (one a line), EVLINT_SINCE, EVLINT_FAIL_ON,
# EVLINT_LANG, EVLINT_CACHE (a folder; none: nothing is kept), and what GitHub sets: RUNNER_TEMP, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY.
set -euo pipefail

sarif="$RUNNER_TEMP/evlint.sarif"
summary="$RUNNER_TEMP/evlint.md"
# Evidence is confidential: what was found in it is kept only where the workflow asks for it.
if [ -n "${EVLINT_CACHE:-}" ]; then
    args=(--cache-dir "$EVLINT_CACHE")
else
    args=(--no-cache)
fi
while IFS= read -r arg; do
    [ -z "$arg" ] || args+=("$arg")
done <<<"${EVLINT_ARGS:-}"
[ -z "${EVLINT_SINCE:-}" ] || args+=(--since "$EVLINT_SINCE")

code=0
"${EVLINT:-evlint}" check --format github --format "sarif=$sarif" --format "markdown=$summary" \
    --fail-on "${EVLINT_FAIL_ON:-error}" --lang "${EVLINT_LANG:-zh}" \
    ${args[@]+"${args[@]}"} -- "${EVLINT_PATH:-.}" || code=$?

# Over 1 MiB GitHub refuses the summary of a step.
if [ -f "$summary" ]; then
    if [ "$(wc -c <"$summary")" -le 1000000 ]; then
        cat "$summary" >>"$GITHUB_STEP_SUMMARY"
    else
        echo "evlint: 报告太长，见日志 (the report is too long for a summary; see the log)" >>"$GITHUB_STEP_SUMMARY"
    fi
fi
{
    echo "code=$code"
    [ ! -f "$sarif" ] || echo "sarif=$sarif"
} >>"$GITHUB_OUTPUT"
