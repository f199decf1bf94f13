#!/bin/bash
case $0 in */*) cd "${0%/*}" || exit 98;; esac
for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
  case $name in HOME|USER|LOGNAME|SHELL|PATH) ;; *) unset "$name";; esac
done
PATH=/usr/local/bin:/usr/bin:/bin
exec >> '_scheduler-stdout.txt'
exec 2>> '_scheduler-stderr.txt'

# STEMMA BEGIN: only one job of an attempt runs, and its end leaves a note ###
stemma_job=$$
printf '%s' "$stemma_job" > ".run.$stemma_job" || exit 98
ln ".run.$stemma_job" .run 2>/dev/null || [ -e .run ] || { mkdir .run.lock && cp ".run.$stemma_job" .run; } || :
stemma_owner=
[ ! -f .run ] || IFS= read -r stemma_owner < .run || :
[ "$stemma_owner" = "$stemma_job" ] || exit 97
[ ! -e .done ] || rm -f .done
stemma_start=${EPOCHSECONDS:-$(date +%s)}
stemma_end() {
  stemma_rc=$?
  trap - EXIT
  { read -r machine < /proc/sys/kernel/hostname; } 2>/dev/null || machine=$(uname -n)
  printf 'rc=%s\njob=%s\nstart=%s\nend=%s\nhost=%s\n' "$stemma_rc" "$stemma_job" \
    "$stemma_start" "${EPOCHSECONDS:-$(date +%s)}" "$machine" > .done.new && mv -f .done.new .done
  exit "$stemma_rc"
}
trap stemma_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 138' USR1
trap 'exit 140' USR2
trap 'exit 143' TERM
trap 'exit 152' XCPU
# STEMMA END ###

# ENVIRONMENT VARIABLES BEGIN ###
export A='b'
# ENVIRONMENT VARIABLES END ###

'/usr/bin/pw.x'
