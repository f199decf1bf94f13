export const help = `Stemma runs workflows on this machine and on clusters, and records where every result came from.

  stemma serve [--profile DIR] [--port N] [--no-open]
      Serves the app to a browser on this machine and prints where. Ends with Ctrl-C.

  stemma archive info FILE [--json]
      What is in an archive (.aiida).
  stemma archive import FILE|URL… --profile DIR [--group LABEL | --no-import-group] [--extras-mode-existing MODE]
      [--extras-mode-new MODE] [--comment-mode MODE] [--include-authinfos] [--dry-run] [--json]
      Imports archives, each in one transaction; what is here already stays as it is. --dry-run says what would come,
      what differs, and how much room it takes. All nodes of an archive are put in the group LABEL, or in a new one
      named after the time where anything is new.
      --extras-mode-existing, for extras of nodes that are here: none (the default: they stay), keep_existing (those
      that are lacking are added), update_existing (those of the archive replace those of the same name as well),
      mirror (exactly those of the archive). --extras-mode-new: import (the default) or none.
      --comment-mode, for comments that are here with another text: leave (the default), newest or overwrite.
      --include-authinfos: also how to log in to its computers, where that is not known here.
  stemma archive export OUT --profile DIR (--all | --node UUID… | --group LABEL) [--title TEXT] [--author TEXT]
      [--description TEXT] [--licence SPDX] [--anonymous [--leave-out-files] [--dry-run]] [--without-purged]
      [--force] [--json]
      Exports nodes with their provenance. --anonymous: users, computers, hosts, logins and work directories leave under
      other names (user-1, computer-1), also where they stand in texts; --leave-out-files: without the files in which
      they stand; --dry-run: only what would be replaced, and what could still tell who you are.
      --without-purged: also where content was purged; those files stay out, and an extra of their nodes says which.

  stemma export crate OUT[.zip] --profile DIR (--all | --node UUID… | --group LABEL) [--title TEXT]
      [--description TEXT] [--licence SPDX] [--json]
      An RO-Crate 1.1 (Provenance Run Crate), as a folder or a zip: for repositories of research data.
  stemma export folders OUT[.zip] --profile DIR (--all | --node UUID… | --group LABEL) [--json]
      Folders for people: numbered steps, inputs, outputs, and a README that explains them.
  stemma export prov OUT.json --profile DIR (--all | --node UUID… | --group LABEL) [--force] [--json]
      PROV-JSON: entities, activities and agents, for tools of the semantic web.
  stemma export table OUT.csv --profile DIR [--data] [--filter TEXT] [--force] [--json]
      The processes that a filter finds, or with --data the data nodes, as CSV.
  stemma export script OUT --node UUID --profile DIR [--for aiida|stemma] [--force] [--json]
      A Python script for AiiDA, or a file for “stemma launch”, that runs a process again with the same inputs.

  stemma import-records FOLDER|FILE --profile DIR [--dry-run] [--json]
      Imports the records of another system as provenance: a signac project, Parsl's monitoring.db, a FireWorks
      workflow as JSON, a work directory of Snakemake. Links that it did not record are inferred, and marked so.

  stemma process list --profile DIR [--filter TEXT] [--limit N] [--json]
      Processes, the newest first (at most 1000).
  stemma process answer UUID [CHOICE] --profile DIR [--json]
      What a workflow asks a person, or the answer to it.
  stemma process cache UUID --profile DIR [--json]
      Whose copy a calculation is, or why it was not taken from the cache: what differs from the nearest earlier one.
  stemma launch PLUGIN --inputs FILE.json --profile DIR [--cache | --no-cache] [--rules FILE.json] [--wait] [--json]
      Launches a calculation or a workflow; with --wait, until it has ended.
      --cache: an equal calculation that has ended may stand for this one; --no-cache: it runs in any case; otherwise
      as the settings say. --rules: when to stop the job, as a list: [{"kind": "silent", "file": "out.txt",
      "minutes": 30}, {"kind": "value", "file": "out.txt", "pattern": {"kind": "words", "text": "E ="},
      "compare": ">", "limit": 0}]
      FILE.json: {"inputs": {"x": 1, "code": "add@cluster", "y": {"node": UUID}, "pot": {"file": PATH}},
                  "computer": LABEL, "options": {…}, "label": …, "description": …, "caching": "yes", "rules": […]}
  stemma resume UUID --profile DIR [--preview] [--again STEP]… [--wait] [--json]
      A new run of a workflow that failed, which takes over the steps that finished; --preview says which and why,
      and starts nothing. --again: a step that runs in any case (SUB/STEP inside of a sub-workflow).

  stemma delete (--node UUID… | --group LABEL | --filter TEXT) --profile DIR (--dry-run | --yes)
         [--no-create-forward] [--no-call-calc-forward] [--no-call-work-forward] [--json]
      Deletes nodes and what AiiDA's rules say goes along; --dry-run only says what. --filter: all that fit, in the
      language of the filters above tables: 'type:Dict ctime<2025'. The switches keep what processes
      made, and the calculations and workflows that workflows called.
  stemma restore [UUID] --profile DIR [--json]
      Takes a deletion or a purge back; without UUID, those that can be taken back.
  stemma purge (--node UUID… | [--type TYPE] [--created-as LABEL] [--older-than DAYS] [--larger-than SIZE]
         [--group LABEL | --not-in-group LABEL | --in-no-group]) --profile DIR (--dry-run | --yes) [--json]
      Purges the content of files of nodes; their names, sizes and hashes stay, so that the provenance is whole. What
      another node has too stays, and everything that a process which has not ended works with. --type: the beginning of
      the node type; --created-as: the label under which a calculation made the node, “retrieved” for instance;
      --larger-than: of each file, as 10MB.

  stemma storage --profile DIR [--json]
      Where the room on the disk goes: by type, age and group, the largest nodes, and what can be freed.
  stemma free --profile DIR [--deleted] [--purged] [--dry-run] [--json]
      Lets go of files that nothing names; with --deleted also of deleted nodes, and with --purged of purged content,
      which then cannot be restored.

  stemma check --profile DIR [--read-files] [--json]
      Looks for damage; with --read-files every stored file is read and compared.

  stemma --help, stemma --version

Without --profile the default profile is meant. The exit status is 0, or not 0 with one line on stderr.
`;
