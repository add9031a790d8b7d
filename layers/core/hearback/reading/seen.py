"""What of a parsed HTML mail a person sees: everything else is taken out, and what a mail program marks as quoted is marked.

One walk over the tree in document order. An element that is gone takes all in it along; a size, a sight and a colour
hold for the text below until somebody says otherwise (mail made with MJML stands in boxes of font size nought).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from hearback.reading import looks
from hearback.reading.looks import Colour, Look

UNSEEN: Final = frozenset(
    [
        "script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe", "noembed", "noframes",
        "audio", "video", "canvas", "datalist", "rp", "applet", "embed", "frameset", "meta", "link",
    ]
)  # fmt: skip
OPEN, CLOSE = "\x02", "\x03"
"""Lines around what is quoted."""
MAX_SHEETS: Final = 200_000
MAX_COMPOUND: Final = 20
"""Selectors of more than one name that are looked up in the tree."""
_WHITE: Final = (255, 255, 255)
_BLACK: Final = (0, 0, 0)
_HEADED: Final = 400
"""Characters of a quote in which the header of a forwarded mail would stand."""


class _State(NamedTuple):
    """What holds for the text in an element."""

    gone: bool = False
    tiny: bool = False
    unseen: bool = False
    colour: Colour = _BLACK
    told: bool = False
    """Whether a colour was said anywhere."""
    background: Colour = _WHITE

    @property
    def hidden(self) -> bool:
        return self.gone or self.tiny or self.unseen or (self.told and looks.alike(self.colour, self.background))


_GONE: Final = _State(gone=True)


def keep_only_the_seen(tree: LexborHTMLParser) -> None:
    """Take out of the tree what nobody sees, and mark quotes."""
    root = tree.root
    if root is None:
        return
    sheet = _Sheet(tree)
    if tree.head is not None:
        tree.head.decompose()
    plain = _State(background=sheet.background)
    states: dict[int, _State] = {}  # of elements below which something else holds than `plain`
    hides: dict[_State, bool] = {}
    out: list[LexborNode] = []
    quotes: list[LexborNode] = []
    for node in root.traverse():
        parent = node.parent if states else None
        above = states.get(parent.mem_id, plain) if parent is not None else plain
        state = _state(node, above, sheet) if node.is_element_node and not above.gone else above
        if state is not plain:
            states[node.mem_id] = state
        if state.gone:
            if not above.gone:
                out.append(node)
            continue
        if node.tag == "blockquote" and _is_quote(node):
            quotes.append(node)
        if state is plain:
            continue
        if state not in hides:
            hides[state] = state.hidden
        if hides[state]:
            out += (each for each in node.iter(include_text=True) if each.is_text_node)
    for node in quotes:
        node.insert_before(f"\n{OPEN}\n")
        node.insert_after(f"\n{CLOSE}\n")
    for node in out:
        node.decompose()


def _state(node: LexborNode, above: _State, sheet: _Sheet) -> _State:
    tag = node.tag or ""
    if tag in UNSEEN:
        return _GONE
    told = node.attributes
    if not told and tag != "dialog":
        look = sheet.tags.get(tag)
        return above if look is None else _under(above, look)
    if "hidden" in told or (tag == "dialog" and "open" not in told):
        return _GONE
    own = looks.of(told.get("style") or "")
    look = _merged(own, sheet.of(node, tag, told))
    behind = told.get("bgcolor")
    if behind and look.background is None:
        look = Look(look.gone, look.shown, look.tiny, look.unseen, look.colour, looks.colour(behind))
    if told.get("background"):
        look = Look(look.gone, look.shown, look.tiny, look.unseen, look.colour, looks.UNKNOWN)
    text = told.get("color") if tag == "font" else told.get("text") if tag == "body" else None
    if text and look.colour is None:
        look = Look(look.gone, look.shown, look.tiny, look.unseen, looks.colour(text), look.background)
    return _under(above, look)


def _under(above: _State, look: Look) -> _State:
    if look is looks.PLAIN:
        return above
    return _State(
        gone=look.gone,
        tiny=above.tiny if look.tiny is None else look.tiny,
        unseen=above.unseen if look.unseen is None else look.unseen,
        colour=above.colour if look.colour is None else look.colour,
        told=above.told or look.colour is not None,
        background=above.background if look.background is None else look.background,
    )


def _merged(own: Look, ruled: Look | None) -> Look:
    """The element's own style first, then the sheet's."""
    if ruled is None:
        return own
    return Look(
        gone=own.gone or (ruled.gone and not own.shown),
        shown=own.shown,
        tiny=ruled.tiny if own.tiny is None else own.tiny,
        unseen=ruled.unseen if own.unseen is None else own.unseen,
        colour=ruled.colour if own.colour is None else own.colour,
        background=ruled.background if own.background is None else own.background,
    )


def _is_quote(node: LexborNode) -> bool:
    """A reply's quote as mail programs mark it; a forwarded mail, which begins with its headers, is none."""
    told = node.attributes
    if (told.get("type") or "").lower() != "cite" and "gmail_quote" not in (told.get("class") or ""):
        return False
    beginning = node.text(deep=True, separator="\n")[:_HEADED]
    headed = sum(1 for line in beginning.split("\n") if line.strip().endswith(":") or ": " in line[:12])
    return headed < 3  # noqa: PLR2004  From, Date, Subject


class _Sheet:
    """The rules of a mail's style sheets that hide something, by the names they go by."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tags: dict[str, Look] = {}
        self._classes: dict[str, Look] = {}
        self._ids: dict[str, Look] = {}
        self._nodes: dict[int, Look] = {}
        text = "\n".join(node.text(deep=True) for node in tree.css("style"))[:MAX_SHEETS]
        compound: list[tuple[str, Look]] = []
        for selector, look in looks.rules(text).items() if "{" in text else ():
            name = selector.rpartition("*")[2] if selector.startswith("*.") else selector
            if name.isalnum():
                self.tags[name.lower()] = look
            elif name[:1] == "." and _is_name(name[1:]):
                self._classes[name[1:]] = look
            elif name[:1] == "#" and _is_name(name[1:]):
                self._ids[name[1:]] = look
            else:
                compound.append((name, look))
        compound.sort(key=lambda one: not (one[1].gone or one[1].tiny or one[1].unseen))
        self.background = looks.UNKNOWN if len(compound) > MAX_COMPOUND else _WHITE
        """Unknown where more elements are painted than are looked up: then no colour hides."""
        for selector, look in compound[:MAX_COMPOUND]:
            self._find(tree, selector[:200], look)

    def _find(self, tree: LexborHTMLParser, selector: str, look: Look) -> None:
        if ":" in selector or "@" in selector:
            return  # what is under the mouse is seen
        try:
            self._nodes.update((node.mem_id, look) for node in tree.css(selector))
        except (SelectolaxError, ValueError):
            return

    def of(self, node: LexborNode, tag: str, told: dict[str, str | None]) -> Look | None:
        """What the sheets make of an element."""
        found = self._nodes.get(node.mem_id) if self._nodes else None
        if found is None and self._ids and (name := told.get("id")):
            found = self._ids.get(name)
        if found is None and self._classes and (names := told.get("class")):
            found = next((look for each in names.split() if (look := self._classes.get(each)) is not None), None)
        return found if found is not None else self.tags.get(tag)


def _is_name(name: str) -> bool:
    return bool(name) and name.replace("-", "").replace("_", "").isalnum()
