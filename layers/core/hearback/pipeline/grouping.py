"""Which facts belong together: link keys make components, and inside one component signals become candidacies.

A component is wider than an application (all mail about one employer). Inside it groups grow in the order of trust:
thread and references, requisition, company and role, contact, company or sender domain. At each step two groups join
only if nothing speaks against it: another company, another role, another requisition. What the person linked or merged
outranks everything. All of it is a function of the set: signals are taken in canonical order, whatever arrived first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from hearback.model.act import Add, Correct, Edit, Link, Merge
from hearback.model.act import Confirm as ConfirmAct
from hearback.model.facts import Fact, fact_id
from hearback.model.ids import FactId, MailboxId
from hearback.model.signal import InterviewAction, Kind, Signal
from hearback.pipeline.acts import Said, order
from hearback.pipeline.names import company_words, continues, same_company, same_role

MAX_REFERENCES: Final = 20
KEY_LETTERS: Final = 4
"""Of a company's name: enough to meet other spellings of it ("Blue Heron", "Blueheron Insurance"), cheap to be wrong."""
REAPPLIED_AFTER: Final = timedelta(days=2)
"""A receipt this long after a rejection begins a new candidacy."""


def thread_key(mailbox: MailboxId, thread_id: str) -> str:
    """The link key of a provider's thread."""
    return f"thread:{mailbox}:{thread_id}"


def fact_key(fact: FactId) -> str:
    """The link key of a fact itself, and of the acts about it."""
    return f"fact:{fact}"


def link_keys(fact: Fact) -> frozenset[str]:
    """What connects this fact to others. Wider than an application, never as wide as free mail or an ATS relay."""
    keys = {fact_key(fact_id(fact))}
    if isinstance(fact, Signal):
        return frozenset(keys | _signal_keys(fact))
    if isinstance(fact, Add | Edit | Correct) and fact.company:
        keys |= _company_keys(fact.company)
    if not isinstance(fact, Add):
        keys.add(fact_key(FactId(fact.about)))
    if isinstance(fact, Link | ConfirmAct) and fact.application is not None:
        keys.add(fact_key(fact.application))
    if isinstance(fact, Merge):
        keys.add(fact_key(fact.other))
    return frozenset(keys)


def _signal_keys(signal: Signal) -> set[str]:
    keys = {f"mid:{each}" for each in (signal.message_id, *signal.references[:MAX_REFERENCES]) if each}
    if signal.thread_id:
        keys.add(thread_key(signal.mailbox_id, signal.thread_id))
    if signal.digest:
        keys.add(f"digest:{signal.digest}")
    if signal.requisition_id:
        keys.add(f"req:{signal.requisition_id.casefold()}")
    if signal.interview is not None and signal.interview.uid:
        keys.add(f"uid:{signal.interview.uid}")
    if signal.domain:
        keys.add(f"domain:{signal.domain}")
    if signal.company:
        keys |= _company_keys(signal.company)
    return keys


def _company_keys(company: str) -> set[str]:
    words = company_words(company)
    return {f"company:{''.join(words)[:KEY_LETTERS]}"} if words else set()


def components(facts: Iterable[Fact], together: Iterable[Iterable[Fact]] = ()) -> list[list[Fact]]:
    """Facts connected by link keys, transitively, or by standing `together`; each fact once, in canonical order."""
    unique = {fact_id(fact): fact for fact in facts}
    parent: dict[str, str] = {id_: id_ for id_ in unique}

    def root(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    owner: dict[str, str] = {}
    for id_, fact in unique.items():
        for key in link_keys(fact):
            parent[root(owner.setdefault(key, id_))] = root(id_)
    for bundle in together:
        first, *others = [fact_id(fact) for fact in bundle] or [FactId("")]
        for other in others:
            parent[root(other)] = root(first)
    found: dict[str, list[Fact]] = {}
    for id_, fact in sorted(unique.items(), key=lambda item: order(item[1])):
        found.setdefault(root(id_), []).append(fact)
    return list(found.values())


@dataclass
class Group:
    """One candidacy while it is put together."""

    signals: list[Signal] = field(default_factory=list)
    adds: list[Add] = field(default_factory=list)
    companies: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    requisitions: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    ambiguous: bool = False
    """Several candidacies fit and nothing says which: the person decides."""

    @property
    def facts(self) -> list[Fact]:
        """Members in canonical order."""
        members: list[Fact] = [*self.signals, *self.adds]
        return sorted(members, key=order)

    def key(self) -> tuple[object, ...]:
        """Canonical order of groups: their first fact's."""
        return min((order(fact) for fact in self.facts), default=())

    def absorb(self, other: Group) -> None:
        """Take everything of `other`."""
        self.signals += other.signals
        self.adds += other.adds
        for name in ("companies", "roles", "requisitions", "domains", "contacts", "threads", "uids"):
            getattr(self, name).update(getattr(other, name))


def group_of(signal: Signal, said: Said) -> Group:
    """A group of this one signal, the person's edits of it included."""
    edits = said.word(FactId(signal.id)).edits
    companies = {each.company for each in edits if each.company} or ({signal.company} if signal.company else set())
    roles = {each.role for each in edits if each.role} or ({signal.role} if signal.role else set())
    people = signal.recipients if signal.sent else (signal.sender,)
    threads = {f"m{each}" for each in (signal.message_id, *signal.references[:MAX_REFERENCES]) if each}
    if signal.thread_id:
        threads.add(f"t{signal.mailbox_id}:{signal.thread_id}")
    return Group(
        signals=[signal],
        companies=set(companies),
        roles=set(roles),
        requisitions={signal.requisition_id.casefold()} if signal.requisition_id else set(),
        domains={signal.domain} if signal.domain else set(),
        contacts={str(each.address) for each in people if signal.domain and _within(each.domain, signal.domain)},
        threads=threads,
        uids={signal.interview.uid} if signal.interview is not None and signal.interview.uid else set(),
    )


def _within(domain: str, registrable: str) -> bool:
    """Contacts lead only where their domain, a link key, leads too: else who meets would depend on what else is connected."""
    return domain == registrable or domain.endswith(f".{registrable}")


def candidacies(signals: Sequence[Signal], said: Said) -> list[Group]:
    """Accepted signals and hand-made applications of one component as groups, in canonical order."""
    by_hand = {id_ for id_, word in said.about.items() if word.linked is not None}
    free = [group_of(each, said) for each in sorted(signals, key=order) if FactId(each.id) not in by_hand]
    free += [Group(adds=[add], companies={add.company}, roles={add.role} if add.role else set()) for add in said.adds]
    groups = sorted((group for group in free if not _only_sent(group)), key=Group.key)
    sent = [group for group in free if _only_sent(group)]
    for joins, alone_only in _LEVELS:
        groups = _grow(groups, joins, alone_only=alone_only)
    groups = [part for group in groups for part in _reapplications(group)]
    _attach(groups, sent)
    linked = [each for each in sorted(signals, key=order) if FactId(each.id) in by_hand]
    groups = _follow_links(groups, linked, said)
    return sorted(_merge(groups, said), key=Group.key)


def _only_sent(group: Group) -> bool:
    return bool(group.signals) and all(each.sent for each in group.signals) and not group.adds


def _compatible(one: Group, other: Group) -> bool:
    """Nothing speaks against the two being one candidacy."""
    if one.requisitions and other.requisitions and not one.requisitions & other.requisitions:
        return False
    if not _names_fit(one, other):
        return False
    return _roles_fit(one, other)


def _names_fit(one: Group, other: Group) -> bool:
    if not (one.companies and other.companies):
        return True
    related = bool(one.domains & other.domains or one.threads & other.threads) or _named_alike(one, other)
    return any(same_company(a, b) or (related and continues(a, b)) for a in one.companies for b in other.companies)


def _named_alike(one: Group, other: Group) -> bool:
    """One's domain spells the beginning of the other's name, or both name the same role: "Blue Heron" is then also
    "Blue Heron Insurance".
    """
    if one.roles and other.roles and _roles_fit(one, other):
        return True
    for group, against in ((one, other), (other, one)):
        labels = {domain.split(".")[0].replace("-", "") for domain in group.domains}
        names = {"".join(company_words(name)) for name in against.companies}
        if any(len(label) >= KEY_LETTERS and name.startswith(label) for label in labels for name in names):
            return True
    return False


def _roles_fit(one: Group, other: Group) -> bool:
    if not (one.roles and other.roles):
        return True
    return any(same_role(a, b) for a in one.roles for b in other.roles)


def _share_thread(one: Group, other: Group) -> bool:
    return bool(one.threads & other.threads or one.uids & other.uids)


def _share_requisition(one: Group, other: Group) -> bool:
    return bool(one.requisitions & other.requisitions)


def _same_company_and_role(one: Group, other: Group) -> bool:
    return bool(one.companies and other.companies and one.roles and other.roles)


def _share_contact(one: Group, other: Group) -> bool:
    return bool(one.contacts & other.contacts)


def _share_employer(one: Group, other: Group) -> bool:
    return bool(one.domains & other.domains) or bool(one.companies and other.companies)


#: In the order of trust: how two groups are known to be one, and whether it holds only where one candidate fits.
_LEVELS: Final[tuple[tuple[Callable[[Group, Group], bool], bool], ...]] = (
    (_share_thread, False),
    (_share_requisition, False),
    (_same_company_and_role, False),
    (_share_contact, True),
    (_share_employer, True),
)


def _grow(groups: list[Group], joins: Callable[[Group, Group], bool], *, alone_only: bool) -> list[Group]:
    """Join groups to the earliest that fits; with `alone_only`, one without a role joins only where it cannot err."""
    settled: list[Group] = []
    for group in groups:
        fitting = [each for each in settled if joins(each, group) and _compatible(each, group)]
        if alone_only and len(fitting) > 1:
            fitting = _named_exactly(fitting, group)
            group.ambiguous = not fitting
        if not fitting:
            settled.append(group)
            continue
        fitting[0].absorb(group)
        if not alone_only:
            for extra in fitting[1:]:
                if _compatible(fitting[0], extra):
                    fitting[0].absorb(extra)
                    settled.remove(extra)
    return settled


def _named_exactly(fitting: list[Group], group: Group) -> list[Group]:
    """Of several candidacies at one employer, the one whose exact role is named; else none: the person decides."""
    exact = [each for each in fitting if any(a.casefold() == b.casefold() for a in each.roles for b in group.roles)]
    return exact[:1]


def _reapplications(group: Group) -> list[Group]:
    """A receipt well after a rejection begins a new candidacy; what follows belongs to it."""
    parts: list[list[Signal]] = [[]]
    rejected_at = None
    for signal in sorted(group.signals, key=order):
        if signal.kind is Kind.REJECTION:
            rejected_at = signal.at
        elif _reopens(signal):
            rejected_at = None
        elif (
            signal.kind is Kind.APPLICATION_CONFIRMATION
            and rejected_at is not None
            and signal.at - rejected_at > REAPPLIED_AFTER
        ):
            parts.append([])
            rejected_at = None
        parts[-1].append(signal)
    if len(parts) == 1:
        return [group]
    made = []
    for number, signals in enumerate(parts):
        part = Group(adds=group.adds if number == 0 else [])
        part.companies, part.roles, part.domains = set(group.companies), set(group.roles), set(group.domains)
        part.contacts = set(group.contacts)
        part.signals = signals
        for signal in signals:
            part.threads |= {f"m{each}" for each in (signal.message_id, *signal.references[:MAX_REFERENCES]) if each}
            if signal.thread_id:
                part.threads.add(f"t{signal.mailbox_id}:{signal.thread_id}")
        made.append(part)
    return made


def _reopens(signal: Signal) -> bool:
    return signal.interview is not None and signal.interview.action in {
        InterviewAction.INVITE,
        InterviewAction.REQUEST_AVAILABILITY,
    }


def best_fit(groups: Sequence[Group], lone: Group) -> Group | None:
    """The candidacy a signal most probably belongs to, by the same order of trust; None where nothing leads to one."""
    for joins, _ in _LEVELS:
        fitting = [each for each in groups if joins(each, lone) and _compatible(each, lone)]
        if len(fitting) == 1 or (fitting and joins is _share_thread):
            return fitting[-1]
    return None


def known_by(groups: Sequence[Group], lone: Group) -> bool:
    """Whether a thread, a contact or the employer leads from `lone` to exactly one fitting candidacy."""
    for joins in (_share_thread, _share_contact, _share_employer):
        fitting = [each for each in groups if joins(each, lone) and _compatible(each, lone)]
        if fitting:
            return len(fitting) == 1
    return False


def _attach(groups: list[Group], sent: list[Group]) -> None:
    """The person's own mail joins a candidacy by thread, contact or domain; it never founds one."""
    for lone in sorted(sent, key=Group.key):
        home = best_fit(groups, lone)
        if home is not None:
            home.absorb(lone)


def _follow_links(groups: list[Group], linked: list[Signal], said: Said) -> list[Group]:
    """Put signals the person linked where they said, following links to links; a link that leads nowhere founds one."""
    where = {fact_id(fact): group for group in groups for fact in group.facts}
    homeless: dict[FactId, Group] = {}
    for signal in linked:
        seen: set[FactId] = set()
        here = FactId(signal.id)
        while here not in where and here not in seen:
            seen.add(here)
            link = said.word(here).linked
            if link is None or link.application is None:
                break
            here = link.application
        home = where.get(here) or homeless.setdefault(min(seen | {here}), Group())
        home.absorb(group_of(signal, said))
    return groups + list(homeless.values())


def _merge(groups: list[Group], said: Said) -> list[Group]:
    for act in said.merges:
        where = {fact_id(fact): group for group in groups for fact in group.facts}
        one, other = where.get(act.about), where.get(act.other)
        if one is not None and other is not None and one is not other:
            one.absorb(other)
            groups.remove(other)
    return groups
