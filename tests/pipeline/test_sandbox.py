"""A template, whoever wrote it, shows values and asks whether one is there. Nothing else, however it is written."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.model.errors import Permanent
from hearback.pipeline import sandbox

VALUES = {"role": "Data Engineer", "company": ""}
ESCAPES = [
    "{{ role.__class__.__mro__ }}",
    "{{ role['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ role|map('upper')|list }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ range(1000000000) }}",
    "{{ role.format() }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ role|center(1000000000) }}",
    "{{ role|replace('a', 'aaaaaaaaaa') }}",
    "{{ role ~ role }}",
    "{{ [role] }}",
    "{{ {'a': role} }}",
    "{% for each in role %}{{ each }}{% endfor %}",
    "{% set role = 'x' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'base' %}",
    "{% block x %}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% call role() %}{% endcall %}",
    "{% with a = 1 %}{% endwith %}",
    "{% do role %}",
    "{{ role|default(1, 2, 3, 4) }}",
    "{{ role|trim(*role) }}",
    "{{ role is callable }}",
    "{{ role is sameas(role) }}",
    "{{ debug }}",
    "{{ environment }}",
    "{{ nobody }}",
    "{{ role",
    "{% if role %}",
    "{{ " + "(" * 3000 + "role",
    "{{ " + "not " * 500 + "role }}",
    "{% if role %}" * 60 + "{% endif %}" * 60,
    "{{ 9" + "9" * 6000 + " }}",
    "x" * (sandbox.MAX_TEMPLATE + 1),
]


@pytest.mark.parametrize("template", ESCAPES, ids=lambda text: text[:40])
def test_what_does_more_is_refused_in_words(template: str) -> None:
    """Before anything runs, and as an error a person can read."""
    with pytest.raises(Permanent, match="This template cannot be used"):
        sandbox.fill(template, VALUES)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("I applied for {{ role }}.", "I applied for Data Engineer."),
        ("{% if company %}at {{ company }}{% else %}there{% endif %}", "there"),
        ("{{ company|default('you', true)|upper }}", "YOU"),
        ("{% if role and not company %}{{ role|lower }}{% endif %}", "data engineer"),
        ("{{ 'yes' if role == 'Data Engineer' else 'no' }}", "yes"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_what_a_draft_needs_works(template: str, text: str) -> None:
    """Values, conditions, comparisons, five filters; nothing is escaped, for a mail is text."""
    assert text == sandbox.fill(template, VALUES)


def test_a_template_that_grows_too_long_is_refused() -> None:
    """Values are put in often, and the text is bounded all the same."""
    with pytest.raises(Permanent, match="longer"):
        sandbox.fill("{{ role }}" * 700, {"role": "x" * 80})


@given(st.text(max_size=200))
def test_a_value_is_never_a_template(value: str) -> None:
    """Whatever a mail says stands there as it was said, braces and all."""
    assert f"[{value}]" == sandbox.fill("[{{ role }}]", {"role": value})


@given(st.text(alphabet="{}%#-|.()'\"~*[]_ abcrole019\n", max_size=120))
def test_any_template_is_text_or_a_refusal(template: str) -> None:
    """No other error comes out of a template."""
    with contextlib.suppress(Permanent):
        assert len(sandbox.fill(template, VALUES)) <= sandbox.MAX_TEXT
