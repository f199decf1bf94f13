export const jobPlugin = 'sim.job';
export const functionPlugin = 'sim.function';
export const restartPlugin = 'sim.restart';
export const workflowPlugin = 'sim.workflow';
