"""What Gmail and Graph are asked for: bounded in days and length, in each one's own grammar."""

from __future__ import annotations

from datetime import date

from hearback.reading import searches

SINCE, UNTIL = date(2026, 1, 31), date(2026, 3, 1)


def test_a_gmail_search_is_bounded_in_days_and_leaves_spam_and_trash_out() -> None:
    """Every one of them."""
    assert all(query.startswith("newer_than:30d -in:spam -in:trash ") for query in searches.gmail_queries(30))


def test_a_graph_search_is_bounded_in_days_in_the_search_itself() -> None:
    """$search cannot be combined with $filter."""
    queries = searches.graph_queries(SINCE, UNTIL)
    assert all(query.startswith('"received>=2026-01-31 AND received<=2026-03-01 AND ') for query in queries)


def test_a_graph_search_without_an_end_has_none() -> None:
    """What comes in while it runs is found too."""
    assert all("received<=" not in query for query in searches.graph_queries(SINCE))


def test_no_search_is_longer_than_a_provider_takes() -> None:
    """Quotes that are escaped for Graph included."""
    assert all(len(query) <= 1600 for query in (*searches.gmail_queries(3650), *searches.graph_queries(SINCE, UNTIL)))


def test_there_are_few_searches() -> None:
    """Each is a listing of its own."""
    assert len(searches.gmail_queries(30)) <= 8
    assert len(searches.graph_queries(SINCE)) <= 12


def test_both_providers_are_asked_for_applicant_systems_and_words() -> None:
    """A sender, a vendor of tests, one of scheduling, and words of several languages."""
    for whole in (" ".join(searches.gmail_queries(30)), " ".join(searches.graph_queries(SINCE))):
        for name in (
            "greenhouse-mail.io",
            "lever.co",
            "hackerrank.com",
            "calendly.com",
            "vorstellungsgespräch",
            "entrevista",
        ):
            assert name in whole


def test_gmail_groups_alternatives_in_braces() -> None:
    """Each search ends in one group, and braces are balanced."""
    for query in searches.gmail_queries(30):
        assert query.endswith("}")
        assert query.count("{") == query.count("}")


def test_a_phrase_is_quoted() -> None:
    """Else its words would be looked for anywhere."""
    assert '"your application"' in " ".join(searches.gmail_queries(30))


def test_a_phrase_in_a_graph_search_has_escaped_quotes() -> None:
    """The value itself stands in quotes."""
    queries = searches.graph_queries(SINCE)
    assert '\\"your application\\"' in " ".join(queries)
    assert all(query[0] == query[-1] == '"' for query in queries)


def test_graph_is_asked_for_stems() -> None:
    """One in place of many words."""
    assert "bewerb*" in " ".join(searches.graph_queries(SINCE))


def test_words_are_not_searched_for_in_alerts() -> None:
    """A board sends them daily."""
    assert any("-from:{" in query and "jobalerts-noreply@linkedin.com" in query for query in searches.gmail_queries(30))
    assert any("NOT (from:alert@indeed.com" in query for query in searches.graph_queries(SINCE))


def test_faint_words_are_searched_for_only_in_what_is_no_mailing() -> None:
    """What says how to unsubscribe is left out of those searches."""
    faint = [query for query in searches.gmail_queries(30) if " monday " in query]
    assert faint
    assert all("unsubscribe" in query and "-from:{" in query for query in faint)
