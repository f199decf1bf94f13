"""Makes a profile in which somebody is named wherever AiiDA lets anybody write, and exports all of it.

Usage: ``python make_private.py ARCHIVE DUMP``. The names are invented; the test looks for each of them in the bytes of an
anonymous archive.
"""

import io
import sys

from dump import write_dump

from aiida import load_profile, orm
from aiida.common.links import LinkType
from aiida.tools.archive import create_archive

load_profile()
archive, target = sys.argv[1:]

user = orm.User('quillen.baxtervane@physik.tannroda.org', 'Quillen', 'Baxtervänd', 'Tannroda Institute').store()
other = orm.User('zoe@chem.tannroda.org', 'Zoé', '', '').store()
computer = orm.Computer(
    label='greywacke',
    hostname='greywacke.hpc.tannroda.org',
    description='Ask Quillen at +41 or qbaxter@tannroda.org',
    transport_type='core.ssh',
    scheduler_type='core.slurm',
    workdir='/capstor/g117/{username}/aiida',
)
computer.set_prepend_text('module load x\nexport LICENSE=27000@lic.hpc.tannroda.org\n. /home/qbaxter/env.sh\n')
computer.set_property('notes', {'proxy_jump': 'qbaxter@ela.tannroda.org', 'key': '/Users/qbaxter/.ssh/id_ed25519'})
computer.store()
computer.configure(user=user, username='qbaxter', proxy_jump='qbaxter@ela.tannroda.org', key_filename='/Users/qbaxter/.ssh/id')

work = '/capstor/g117/qbaxter/aiida'
remote = f'{work}/0a/1b/2c3d-4e5f-6071-8293-a4b5c6d7e8f9'
installed = orm.InstalledCode(computer, '/store/g117/qbaxter/qe/bin/pw.x', label='pw')
installed.prepend_text = 'source /store/g117/mfellowes/env.sh\n#SBATCH --account=acc-lichen\n#SBATCH --mail-user=zoe@chem.tannroda.org'
installed.user = user
installed.store()
contained = orm.ContainerizedCode(
    computer=computer,
    filepath_executable='/bin/pw',
    image_name='/project/g117/qbaxter/images/qe.sif',
    engine_command='singularity exec --bind /users/qbaxter:/x {image_name}',
    label='sif',
)
contained.user = user
contained.store()

job = orm.CalcJobNode(computer=computer, user=user, process_type='aiida.calculations:core.arithmetic.add')
job.label = 'run of qbaxter'
job.description = 'For Müller, see mail of hvonstein@uni-elsewhere.edu'
job.set_remote_workdir(remote)
job.set_option('account', 'acc-lichen')
job.set_option('prepend_text', 'cd /scratch/mfellowes/run\\nqbaxter')
job.set_option('environment_variables', {'MAILTO': 'zoe@chem.tannroda.org', 'HOME': '/home/qbaxter'})
job.set_option('resources', {'num_machines': 1})
job.base.attributes.set('stash', {'target_base': '/bigdata/g117/qbaxter/stash', 'source_list': ['aiida.out']})
job.base.attributes.set(
    'last_job_info',
    '{"job_id": "77", "job_owner": "qbaxter", "allocated_machines_raw": "nidgrey[001-003]", '
    '"raw_data": ["77", "R", "None", "nidgrey002", "qbaxter", "/home/qbaxter"], "title": "\\nBaxtervänd"}',
)
job.base.attributes.set(
    'detailed_job_info',
    {
        'retval': 0,
        'stderr': '',
        'stdout': 'JobID|User|Account|Cluster|NodeList|WorkDir|\n77|jkowal|acc-moss|greyalps|nidgrey007|/capstor/g118/jkowal/x|\n',
    },
)
job.base.attributes.set('scheduler_stdout', 'host: \x1b[31mgreywacke\x1b[0m user=ptk cwd=/home/ptk/a%2Fhome%2Fqbaxter\n')
job.base.attributes.set('exception', 'OSError(2, "No such file: \'C:\\\\Users\\\\qbaxter\\\\x\'") on login7.hpc.tannroda.org')
job.base.attributes.set('metadata_inputs', {'base': {'pw': {'metadata': {'options': {'account': 'acc-fern'}}}}})
job.base.repository.put_object_from_filelike(io.BytesIO(b'#!/bin/bash\ncd /home/qbaxter\n'), '_aiidasubmit.sh')
job.base.repository.put_object_from_filelike(io.BytesIO(b'see qbaxter'), 'raw_input/notes_of_qbaxter.txt')
job.base.extras.set('note of Quillen', 'Baxtervänd, Quillen; ZOE@CHEM.TANNRODA.ORG')
job.base.extras.set('_aiida_cached_by', 'qbaxter')
job.base.links.add_incoming(installed, LinkType.INPUT_CALC, 'code')
density = orm.FolderData(user=user)
density.base.repository.put_object_from_filelike(io.BytesIO(b'density ' * 4000), 'density_qbaxter.dat')
density.base.repository.put_object_from_filelike(io.BytesIO(b'energy 1.0'), 'aiida.out')
job.store()
for label, data in {
    'remote_folder': orm.RemoteData(computer=computer, remote_path=remote),
    'stashed': orm.RemoteStashFolderData(
        computer=computer, stash_mode=orm.nodes.data.remote.stash.base.StashMode.COPY,
        target_basepath='/bigdata/g117/qbaxter/stash/x', source_list=['aiida.out'],
    ) if hasattr(orm.nodes.data.remote, 'stash') else orm.RemoteData(computer=computer, remote_path='/bigdata/g117/qbaxter/stash/x'),
    'retrieved': density,
}.items():
    data.user = user
    data.base.links.add_incoming(job, LinkType.CREATE, label)
    data.store()
job.logger.error('Traceback: File "/home/qbaxter/venv/lib/aiida/x.py": ssh qbaxter@greywacke failed')
orm.Log(
    time=job.ctime,
    loggername='aiida.orm.nodes',
    levelname='ERROR',
    dbnode_id=job.pk,
    message='could not reach login7.hpc.tannroda.org as qbaxter',
    metadata={'exc_info': 'paramiko: /Users/qbaxter/.ssh/known_hosts', 'args': ['Baxtervänd'.upper()]},
)
orm.Comment(job, user, 'Quillen Baxtervand and Zoé, zoe@chem.tannroda.org: ask hvonstein@uni-elsewhere.edu').store()
job.seal()
group = orm.Group(label='paper of baxtervane', description='/project/g117/qbaxter/paper by Quillen', user=user).store()
group.base.extras.set('owner', 'qbaxter')
group.add_nodes([job])

create_archive(None, filename=archive, include_authinfos=True)
write_dump(target)
