#!/bin/bash
#SBATCH --no-requeue
#SBATCH --get-user-env
#SBATCH --output=_scheduler-stdout.txt
#SBATCH --error=_scheduler-stderr.txt
#SBATCH --open-mode=append
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1

# STEMMA BEGIN: only one job of an attempt runs, and its end leaves a note ###
cd "$SLURM_SUBMIT_DIR" || exit 98
stemma_job=$SLURM_JOB_ID
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

'/usr/bin/pw.x' < 'pw.in' > 'pw.out'
