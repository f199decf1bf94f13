import { data, defineCalculationJob, port, type ParseResult } from '#shared/plugin/index.ts';

/** Adds two numbers in bash. As AiiDA's ArithmeticAddCalculation, down to the exit codes. */
export const arithmeticAdd = defineCalculationJob({
  id: 'core.arithmetic.add',
  label: 'ArithmeticAddCalculation',
  summary: 'Adds two numbers with bash, as a job.',
  version: '1.0.0',
  inputs: {
    code: port.code({ help: 'A bash on the computer where the job runs.' }),
    x: port.number({ help: 'The left operand.' }),
    y: port.number({ help: 'The right operand.' }),
  },
  outputs: { sum: port.number({ help: 'The sum.' }) },
  exitCodes: {
    ERROR_READING_OUTPUT_FILE: { status: 310, message: 'The output file could not be read.' },
    ERROR_INVALID_OUTPUT: { status: 320, message: 'The output file holds “{content}”, which is no number.' },
    ERROR_JOB_FAILED: { status: 330, message: 'The job script ended with exit status {status}.' },
  },

  prepare({ code, x, y }) {
    return {
      // awk where a number is not an integer: bash has no fractions
      files: {
        'aiida.in':
          Number.isInteger(x.value) && Number.isInteger(y.value)
            ? `echo $((${x.value} + ${y.value}))\n`
            : `awk 'BEGIN { printf "%.15g\\n", ${x.value} + ${y.value} }'\n`,
      },
      runs: [{ code, stdin: 'aiida.in', stdout: 'aiida.out' }],
      retrieve: ['aiida.out'],
    };
  },

  async parse({ retrieved, jobExitStatus, schedulerExit }): Promise<ParseResult> {
    if (schedulerExit !== null) return {};
    if (!retrieved.list().includes('aiida.out')) return { exit: { label: 'ERROR_READING_OUTPUT_FILE' } };
    const content = (await retrieved.text('aiida.out')).trim();
    const sum = Number(content);
    if (content === '' || Number.isNaN(sum)) {
      if (jobExitStatus !== null && jobExitStatus !== 0) {
        return { exit: { label: 'ERROR_JOB_FAILED', values: { status: jobExitStatus } } };
      }
      return { exit: { label: 'ERROR_INVALID_OUTPUT', values: { content: content.slice(0, 80) } } };
    }
    return { outputs: { sum: data.number(sum) } };
  },
});
