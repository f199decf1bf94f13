import { anonymousArea } from './areas/anonymous.ts';
import { appArea } from './areas/app.ts';
import { codesArea, computersArea } from './areas/computers.ts';
import { launchArea } from './areas/launch.ts';
import { graphArea, nodesArea, searchArea } from './areas/nodes.ts';
import { importsArea } from './areas/imports.ts';
import { openingsArea } from './areas/openings.ts';
import { processesArea } from './areas/processes.ts';
import { recordsArea } from './areas/records.ts';
import { archivesArea, groupsArea } from './areas/sharing.ts';
import { waysOutArea } from './areas/ways-out.ts';
import { purgesArea } from './areas/purges.ts';
import { storageArea } from './areas/storage.ts';

/** Everything that a window can ask of the core. Client, server and their types follow from this one table. */
export const contract = {
  ...appArea,
  ...processesArea,
  ...launchArea,
  ...computersArea,
  ...codesArea,
  ...nodesArea,
  ...searchArea,
  ...graphArea,
  ...groupsArea,
  ...archivesArea,
  ...anonymousArea,
  ...importsArea,
  ...recordsArea,
  ...openingsArea,
  ...waysOutArea,
  ...storageArea,
  ...purgesArea,
};

export type Contract = typeof contract;
