import { z } from 'zod';

/**
 * Whether users, computers, paths and their occurrences in texts leave under other names, and what becomes of the files
 * whose content has one of them: the content itself is never changed, because its hash is what tells files apart.
 */
export const anonymousChoice = z.object({ files: z.enum(['keep', 'leave-out']) }).nullable();
export type AnonymousChoice = z.infer<typeof anonymousChoice>;
