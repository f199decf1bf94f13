"""The processes of the comparison, in a module of its own so that the daemon's workers can import them."""

from aiida import orm
from aiida.engine import WorkChain, calcfunction, while_


@calcfunction
def multiply(x, y):
    return x * y


class ChainOfMultiplications(WorkChain):
    """Multiplies by 2 so many times, one calculation function after the other."""

    @classmethod
    def define(cls, spec):
        super().define(spec)
        spec.input('start', valid_type=orm.Int)
        spec.input('steps', valid_type=orm.Int)
        spec.output('result', valid_type=orm.Int)
        spec.outline(cls.begin, while_(cls.more)(cls.multiply_once), cls.results)

    def begin(self):
        self.ctx.value = self.inputs.start
        self.ctx.two = orm.Int(2).store()
        self.ctx.done = 0

    def more(self):
        return self.ctx.done < self.inputs.steps.value

    def multiply_once(self):
        self.ctx.value = multiply(self.ctx.value, self.ctx.two)
        self.ctx.done += 1

    def results(self):
        self.out('result', self.ctx.value)
