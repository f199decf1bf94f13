"""Reads what Stemma ran through AiiDA's own classes, as a person would who got the archive.

Usage: ``python check_own_runs.py``, in a profile into which it was imported.
"""

from aiida import load_profile, orm
from aiida.cmdline.utils.common import get_workchain_report

load_profile()


def by_label(kind, label):
    return orm.QueryBuilder().append(kind, filters={'label': label}).one()[0]


added = by_label(orm.CalcJobNode, 'an addition')
assert added.is_finished_ok and added.is_sealed and added.exit_status == 0
assert added.process_label == 'ArithmeticAddCalculation', added.process_label
assert added.inputs.x.value + added.inputs.y.value == added.outputs.sum.value == 5
assert isinstance(added.inputs.code, orm.InstalledCode) and str(added.inputs.code.filepath_executable) == '/bin/bash'
assert added.get_option('resources')['num_machines'] == 1
assert added.get_scheduler_state().value == 'done', added.get_scheduler_state()
assert added.get_job_id() not in (None, '')
assert added.get_remote_workdir() == added.outputs.remote_folder.get_remote_path()
assert added.computer.uuid == added.inputs.code.computer.uuid
written = added.base.repository.list_object_names()
assert '_aiidasubmit.sh' in written, written
assert added.outputs.retrieved.base.repository.list_object_names()

workflow = by_label(orm.WorkChainNode, 'a workflow')
assert workflow.is_finished_ok and workflow.outputs.result.value == 11
assert [type(called).__name__ for called in sorted(workflow.called, key=lambda node: node.ctime)] == [
    'CalcFunctionNode',
    'CalcJobNode',
]
assert workflow.outputs.result.creator.caller.uuid == workflow.uuid
assert '2 · 3 + 5 = 11' in get_workchain_report(workflow, 'REPORT')

short = by_label(orm.WorkChainNode, 'the short branch')
assert [type(called).__name__ for called in short.called] == ['CalcFunctionNode']

negative = by_label(orm.WorkChainNode, 'a negative result')
assert negative.is_failed and negative.exit_status == 400 and 'negative' in negative.exit_message

command = by_label(orm.CalcJobNode, 'a command')
assert command.is_finished_ok, (command.exit_status, command.exit_message)
assert command.outputs.sorted_txt.get_content() == 'a\nb\nc\n'
failed = by_label(orm.CalcJobNode, 'a command that fails')
assert failed.is_failed and failed.exit_status == 400
assert failed.outputs.stderr.get_content().strip() != ''

killed = by_label(orm.CalcJobNode, 'a job that is killed')
assert killed.is_killed and killed.is_sealed, killed.process_state

(comment,) = added.base.comments.all()
assert comment.content == 'Checked by hand.'
assert {node.uuid for node in orm.load_group('paper').nodes} == {added.uuid, workflow.uuid}

for process in orm.QueryBuilder().append(orm.ProcessNode).all(flat=True):
    assert process.is_terminated and process.is_sealed, process
    assert process.ctime is not None and process.process_type, process
