"""A step has a name and one sentence; all steps that are written stand in the order."""

from importlib import import_module
from pkgutil import iter_modules

import handlers.steps
from handlers.order import ORDER
from handlers.steps.step import Step

IN_ORDER = {step for part in ORDER for step in part.steps}


def test_every_step_that_is_written_stands_in_the_order() -> None:
    modules = [import_module(f"handlers.steps.{one.name}") for one in iter_modules(handlers.steps.__path__)]
    written = {value for module in modules for value in vars(module).values() if isinstance(value, Step)}
    assert written == IN_ORDER


def test_each_step_has_a_name_of_its_own_and_says_in_one_sentence_what_it_does() -> None:
    assert len({step.name for step in IN_ORDER}) == len(IN_ORDER)
    for step in IN_ORDER:
        assert step.says[0].isupper() and step.says.count(".") == 1 and len(step.says) < 140, step.name


def test_the_order_ends_with_a_step_that_always_answers() -> None:
    last = ORDER[-1]
    assert last.when.words == "always"
    assert last.steps[-1].name == "nothing found"
