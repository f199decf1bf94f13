/**
 * What the database refuses, whoever asks: the engine, an import, or SQL typed by hand. A message begins with the code
 * of the error it becomes (`sqlite-errors.ts`).
 *
 * Two traps shape these triggers. `UPDATE OF id` does not fire for `SET rowid = …`, so no trigger on nodes names
 * columns. And `INSERT OR REPLACE` deletes without delete triggers where `recursive_triggers` is off, so whatever it
 * would replace is looked up before.
 *
 * They are few and each looks at little, because every link pays for them. The texts stay literals: `raise` takes
 * expressions only since SQLite 3.47, and older tools must still be able to open a profile.
 */
const owner = (row: 'OLD' | 'NEW'): string =>
  `CASE WHEN ${row}.type IN ('input_calc', 'input_work') THEN ${row}.target_id ELSE ${row}.source_id END`;

const isData = (node: string): string => `${node}.node_type >= 'data.' AND ${node}.node_type < 'data/'`;
const isCalculation = (node: string): string =>
  `${node}.node_type >= 'process.calculation.' AND ${node}.node_type < 'process.calculation/'`;
const isWorkflow = (node: string): string =>
  `${node}.node_type >= 'process.workflow.' AND ${node}.node_type < 'process.workflow/'`;

export const guards = [
  `CREATE TRIGGER node_is_new
BEFORE INSERT ON nodes
WHEN EXISTS (SELECT 1 FROM nodes WHERE uuid = NEW.uuid)
  OR EXISTS (SELECT 1 FROM nodes WHERE id = NEW.id)
  -- an id whose links are still there: the node was deleted a moment ago and would come back as another
  OR EXISTS (SELECT 1 FROM links WHERE source_id = NEW.id OR target_id = NEW.id)
BEGIN
  SELECT raise(ABORT, 'node-exists: a node with this UUID or id is stored already');
END`,

  `CREATE TRIGGER node_stays_what_it_is
BEFORE UPDATE ON nodes
WHEN OLD.id IS NOT NEW.id OR OLD.uuid IS NOT NEW.uuid OR OLD.node_type IS NOT NEW.node_type
  OR OLD.process_type IS NOT NEW.process_type OR OLD.ctime IS NOT NEW.ctime OR OLD.user_id IS NOT NEW.user_id
  OR (OLD.sealed = 1 AND (
    NEW.sealed <> 1 OR OLD.computer_id IS NOT NEW.computer_id OR OLD.attributes IS NOT NEW.attributes
    OR OLD.repository_metadata IS NOT NEW.repository_metadata
  ))
BEGIN
  SELECT raise(ABORT, 'node-sealed: a sealed node never changes') WHERE OLD.sealed = 1;
  SELECT raise(ABORT, 'node-identity: the identity of a node never changes');
END`,

  `CREATE TRIGGER link_joins_what_it_may
BEFORE INSERT ON links
WHEN (
  SELECT CASE NEW.type
    WHEN 'input_calc' THEN t.sealed = 0 AND ${isCalculation('t')} AND ${isData('s')}
    WHEN 'create' THEN s.sealed = 0 AND ${isCalculation('s')} AND ${isData('t')}
    WHEN 'input_work' THEN t.sealed = 0 AND ${isWorkflow('t')} AND ${isData('s')}
    WHEN 'return' THEN s.sealed = 0 AND ${isWorkflow('s')} AND ${isData('t')}
    WHEN 'call_calc' THEN s.sealed = 0 AND ${isWorkflow('s')} AND ${isCalculation('t')}
    WHEN 'call_work' THEN s.sealed = 0 AND ${isWorkflow('s')} AND ${isWorkflow('t')}
  END
  FROM nodes AS s, nodes AS t WHERE s.id = NEW.source_id AND t.id = NEW.target_id
) IS NOT 1
BEGIN
  SELECT raise(ABORT, 'link-refused: a link joins two nodes, and one of them is not there')
  WHERE (SELECT count(*) FROM nodes WHERE id IN (NEW.source_id, NEW.target_id)) < 2;
  SELECT raise(ABORT, 'node-sealed: the process that owns this link is sealed')
  WHERE (SELECT sealed FROM nodes WHERE id = ${owner('NEW')} AND is_process) = 1;
  SELECT raise(ABORT, 'link-refused: a link of this type does not join nodes of these types');
END`,

  // Cheap while links come in topological order: the target then leads nowhere yet.
  `CREATE TRIGGER data_provenance_has_no_cycle
BEFORE INSERT ON links
WHEN NEW.type IN ('input_calc', 'create')
  AND EXISTS (
    SELECT 1 FROM links WHERE source_id = NEW.target_id
      AND type = CASE NEW.type WHEN 'create' THEN 'input_calc' ELSE 'create' END
  )
  AND EXISTS (
    WITH RECURSIVE below (id) AS (
      SELECT NEW.target_id
      UNION
      SELECT l.target_id FROM below JOIN links AS l ON l.source_id = below.id
      WHERE l.type IN ('input_calc', 'create')
    )
    SELECT 1 FROM below WHERE id = NEW.source_id
  )
BEGIN
  SELECT raise(ABORT, 'link-refused: the link would make a node its own ancestor');
END`,

  `CREATE TRIGGER calls_have_no_cycle
BEFORE INSERT ON links
WHEN NEW.type = 'call_work'
  AND EXISTS (SELECT 1 FROM links WHERE source_id = NEW.target_id AND type = 'call_work')
  AND EXISTS (
    WITH RECURSIVE above (id) AS (
      SELECT NEW.source_id
      UNION
      SELECT l.source_id FROM above JOIN links AS l ON l.target_id = above.id WHERE l.type = 'call_work'
    )
    SELECT 1 FROM above WHERE id = NEW.target_id
  )
BEGIN
  SELECT raise(ABORT, 'link-refused: the call would make a workflow its own caller');
END`,

  `CREATE TRIGGER link_is_new
BEFORE INSERT ON links
WHEN EXISTS (SELECT 1 FROM links WHERE id = NEW.id)
  OR CASE
    WHEN NEW.type IN ('input_calc', 'input_work') THEN EXISTS (
      SELECT 1 FROM links
      WHERE target_id = NEW.target_id AND label = NEW.label AND type IN ('input_calc', 'input_work')
    )
    WHEN NEW.type IN ('call_calc', 'call_work') THEN EXISTS (
      SELECT 1 FROM links WHERE target_id = NEW.target_id AND type IN ('call_calc', 'call_work')
    )
    ELSE EXISTS (
      SELECT 1 FROM links
      WHERE source_id = NEW.source_id AND type = NEW.type AND label = NEW.label AND type IN ('create', 'return')
    )
  END
  OR (NEW.type = 'create' AND EXISTS (SELECT 1 FROM links WHERE target_id = NEW.target_id AND type = 'create'))
BEGIN
  SELECT raise(ABORT, 'link-refused: the process has an input with this label')
  WHERE NEW.type IN ('input_calc', 'input_work');
  SELECT raise(ABORT, 'link-refused: the process has a caller') WHERE NEW.type IN ('call_calc', 'call_work');
  SELECT raise(ABORT, 'link-refused: the data has a creator')
  WHERE NEW.type = 'create'
    AND EXISTS (SELECT 1 FROM links WHERE target_id = NEW.target_id AND type = 'create');
  SELECT raise(ABORT, 'link-refused: the process has an output with this label');
END`,

  `CREATE TRIGGER link_is_fixed
BEFORE UPDATE ON links
BEGIN
  SELECT raise(ABORT, 'link-refused: a link never changes');
END`,

  `CREATE TRIGGER link_goes_with_its_owner
BEFORE DELETE ON links
WHEN EXISTS (SELECT 1 FROM nodes WHERE id = ${owner('OLD')})
BEGIN
  SELECT raise(ABORT, 'link-refused: a link goes only together with the process that owns it');
END`,
] as const;
