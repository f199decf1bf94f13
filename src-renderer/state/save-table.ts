import type { InputOf } from '#shared/contract/define.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { AppContext } from '#renderer/app/context.ts';
import { plural } from '#renderer/model/count-words.ts';

type Table = InputOf<Contract['waysOut.table']>['table'];

/** Asks where to and writes a table there as CSV, all of its rows. The panel of tasks shows how far it is. */
export async function saveTable(app: AppContext, table: Table, name: string): Promise<void> {
  const { shell, core, router, toaster, announcer } = app;
  const to = await shell.chooseSave({ title: 'Save the table', name });
  if (to === null) return;
  const input = { source: router.source, table, to: to.handle };
  for await (const item of core.listen('waysOut.table', input)) {
    if (item.kind !== 'done') continue;
    const text = `“${item.file.name}” is written: ${plural(item.rows, 'row', 'rows')}.`;
    announcer.say(text);
    toaster.show({
      text,
      tone: 'success',
      ...(shell.kind === 'browser'
        ? {}
        : {
            action: {
              label: 'Show in its folder',
              run: () => app.run(() => shell.deliver(item.file.handle)),
            },
          }),
    });
    if (shell.kind === 'browser') await shell.deliver(item.file.handle);
  }
}
