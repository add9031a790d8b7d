"""Text templates that anybody may have written: they can show values and ask whether one is there, and nothing else.

What a template may contain is a list of what is allowed, checked before it runs: text, names it was promised, `if`,
comparisons, and five filters. No call, attribute, loop, assignment, arithmetic, import or macro: so it takes time and
space in proportion to its length. Jinja2's immutable sandbox and StrictUndefined stand behind that list.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hearback.model.errors import Permanent

MAX_TEMPLATE: Final = 8_000
"""Characters of one template."""
MAX_TEXT: Final = 20_000
"""Characters of what it becomes."""
MAX_DEPTH: Final = 16
"""How deep conditions nest."""
FILTERS: Final = frozenset({"capitalize", "default", "lower", "trim", "upper"})
_TESTS: Final = frozenset({"defined", "undefined"})
_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Test,
    nodes.Filter,
)
_SAYS: Final = "This template cannot be used"


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        autoescape=False,  # what comes out is the text of a mail, shown escaped by the page
        undefined=StrictUndefined,
        cache_size=0,
        optimized=False,
    )
    made.globals.clear()
    made.filters = {name: value for name, value in made.filters.items() if name in FILTERS}
    made.tests = {name: value for name, value in made.tests.items() if name in _TESTS}
    return made


def check(text: str, names: frozenset[str]) -> None:
    """Permanent, with what is wrong in words, unless `text` keeps to what a template may do with these `names`."""
    if len(text) > MAX_TEMPLATE:
        raise Permanent(f"{_SAYS}: it is longer than {MAX_TEMPLATE} characters.")
    try:
        tree = _environment().parse(text)
    except TemplateError as error:
        raise Permanent(f"{_SAYS}: {str(error.message)[:200]}") from None
    except RecursionError:
        raise Permanent(f"{_SAYS}: its conditions are nested too deep.") from None
    except ValueError:  # a number with thousands of digits
        raise Permanent(f"{_SAYS}: a number in it is too long.") from None
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        _allowed(node, depth, names)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with its values, which are never templates themselves. Permanent: see check; or it becomes too long."""
    check(text, frozenset(values))
    pieces: list[str] = []
    length = 0
    try:
        for piece in _environment().from_string(text).generate(**values):
            length += len(piece)
            if length > MAX_TEXT:
                raise Permanent(f"{_SAYS}: it becomes longer than {MAX_TEXT} characters.")
            pieces.append(piece)
    except TemplateError as error:
        raise Permanent(f"{_SAYS}: {str(error.message)[:200]}") from None
    except (TypeError, ValueError, SyntaxError) as error:  # a filter's wrong argument; what Python cannot compile
        raise Permanent(f"{_SAYS}: {type(error).__name__}.") from None
    return "".join(pieces)


def _allowed(node: nodes.Node, depth: int, names: frozenset[str]) -> None:
    where = f"{_SAYS}: line {node.lineno}"
    if depth > 2 * MAX_DEPTH:  # each condition is two nodes deep
        raise Permanent(f"{where} is nested too deep.")
    if not isinstance(node, _ALLOWED):
        raise Permanent(f"{where} does more than show a value or ask whether it is there.")
    if isinstance(node, nodes.Name) and (node.ctx != "load" or node.name not in names):
        raise Permanent(f"{where} has the word “{node.name[:40]}”, which drafts do not know.")
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.dyn_args or node.dyn_kwargs):
        raise Permanent(f"{where} uses the filter “{node.name[:40]}”, which drafts do not have.")
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        raise Permanent(f"{where} uses the test “{node.name[:40]}”, which drafts do not have.")
