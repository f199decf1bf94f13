export const jobPlugin = 'sim.job';
export const functionPlugin = 'sim.function';
export const workflowPlugin = 'sim.workflow';
