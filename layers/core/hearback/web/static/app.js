// Live updates, theme and drafts. The page works without any of it.
(() => {
  "use strict";
  const body = document.body;

  // Theme: the system's, unless the person chose.
  const root = document.documentElement;
  const chosen = localStorage.getItem("theme");
  if (chosen) root.dataset.theme = chosen;
  const toggle = document.getElementById("theme");
  if (toggle) toggle.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  });

  // Live: a single-use ticket, a WebSocket, "something changed" → the parts fetch themselves again.
  // So they do when it opens, too: what changed between the page and its connection was told to nobody.
  // The first change after a quiet moment is shown at once, those of a burst when it is over.
  // A later fetch of a part replaces an earlier one, so the next change waits for what is on its way, or changes without
  // end would show nothing; for an answer that does not come it waits no longer than PATIENCE.
  const SOON = 15, CALM = 120, QUIET = 500, PATIENCE = 10000;  // milliseconds
  const fetching = new Set();  // by attribute: in a form with a field "id", .id is that field
  document.addEventListener("htmx:before:request", ({detail}) => { if ((detail.ctx.sourceElement.getAttribute("id") || "").startsWith("part-")) fetching.add(detail.ctx); });
  document.addEventListener("htmx:finally:request", ({detail}) => fetching.delete(detail.ctx));
  let wait = 500, pending = null, soon = false, shown = 0;
  const tell = (version) => {
    if (fetching.size && Date.now() - shown < PATIENCE) { pending = setTimeout(tell, SOON, version); return; }
    pending = null; soon = false; shown = Date.now();
    body.dispatchEvent(new CustomEvent("hearback-changed", {detail: {version}}));
  };
  const changed = (version) => {
    if (soon) return;  // what is fetched in a moment holds this change too
    clearTimeout(pending);
    const calm = Number(body.dataset.calm);  // a page on which much is done at once waits longer
    soon = !calm && !pending && Date.now() - shown > QUIET;
    pending = setTimeout(tell, soon ? SOON : calm || CALM, version);
  };
  const connect = async () => {
    try {
      const answer = await fetch("/live/ticket", {
        method: "POST", headers: {"content-type": "application/x-www-form-urlencoded"}, body: new URLSearchParams({csrf: body.dataset.csrf}),
      });
      if (!answer.ok) throw new Error("no ticket");
      const {ticket} = await answer.json();
      const base = body.dataset.live.startsWith("ws") ? body.dataset.live : location.origin.replace(/^http/, "ws") + body.dataset.live;
      const socket = new WebSocket(`${base}?ticket=${encodeURIComponent(ticket)}`);
      socket.onopen = () => { changed(); wait = 500; body.dataset.connection = "open"; };
      socket.onmessage = (event) => {
        const told = JSON.parse(event.data);
        if (told.type === "changed") changed(told.version);
      };
      socket.onclose = again;
    } catch { again(); }
  };
  const again = () => {
    body.dataset.connection = "closed";
    setTimeout(connect, wait + Math.random() * wait);
    wait = Math.min(wait * 2, 30000);
  };
  if (body.dataset.live) connect();

  // A card that moved or came is lit up for a moment and told to screen readers.
  const stages = () => new Map([...document.querySelectorAll(".card")].map((card) => [card.dataset.key, card.dataset.stage]));
  // What "Show more" brought, or what came up into a list that shows a part of its cards, has not changed.
  const lists = () => [...document.querySelectorAll(".board section, .closed details")];
  const partial = () => new Set(lists().filter((list) => list.querySelector("[data-next]")).map((list) => list.className));
  const below = (was) => {
    const found = new Set();
    for (const list of lists()) {
      if (!cut.has(list.className)) continue;
      for (const card of [...list.querySelectorAll(".card")].reverse()) { if (was.has(card.dataset.key)) break; found.add(card.dataset.key); }
    }
    return found;
  };
  let before = stages(), cut = partial();
  document.addEventListener("htmx:after:swap", () => {
    const now = stages();
    const said = [], risen = below(before);
    for (const [key, stage] of now) {
      if (before.get(key) === stage || risen.has(key)) continue;
      const card = document.getElementById(`card-${key}`);
      if (card) { card.classList.add("fresh"); said.push(card.querySelector("strong").textContent); }
    }
    if (said.length && document.getElementById("said")) document.getElementById("said").textContent = `Changed: ${said.join(", ")}`;
    if (now.size) { before = now; cut = partial(); }
  });

  // "Show more": whatever refreshes that part next shows it too, and the keyboard goes on at the first that came.
  // A board that was scrolled sideways stays where it was.
  let next = "", aside = 0;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-next]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    next = link.dataset.next;
    document.querySelector(link.getAttribute("hx-target")).setAttribute("hx-get", link.getAttribute("hx-get"));
  }, true);
  document.addEventListener("htmx:before:swap", () => { const board = document.querySelector(".board"); aside = board ? board.scrollLeft : 0; });
  document.addEventListener("htmx:after:swap", () => {
    const board = document.querySelector(".board"), came = next && document.querySelector(`#${CSS.escape(next)} a`);
    if (board && aside) board.scrollLeft = aside;
    if (came) { next = ""; came.focus(); }
  });

  // What was done is told with its Undo, where the page stays.
  document.addEventListener("hearback-told", (event) => {
    const told = document.getElementById("told");
    if (told && event.detail && event.detail.did) htmx.ajax("GET", `/fragments/told?${new URLSearchParams({did: event.detail.did, act: event.detail.act})}`, {source: "#told", target: "#told", swap: "innerHTML"});
  });

  // What is ticked stays ticked when its part of the page is fetched again, until something was done to it.
  const ticked = new Set();
  document.addEventListener("change", (event) => {
    if (event.target.matches(".pick")) ticked[event.target.checked ? "add" : "delete"](event.target.name);
  });
  document.addEventListener("htmx:after:swap", () => { for (const box of document.querySelectorAll(".pick")) box.checked = ticked.has(box.name); });
  document.addEventListener("hearback-told", () => {
    ticked.clear();
    for (const box of document.querySelectorAll(".pick")) box.checked = false;
  });

  // What was opened in a part stays open when the part fetches itself again, also when it comes between a press and its "toggle".
  const opened = new Set();
  const keep = ({id, tagName}, open) => { if (id && tagName === "DETAILS") opened[open ? "add" : "delete"](id); };
  document.addEventListener("click", ({target}) => { const of = target.closest("summary"); if (of) keep(of.parentElement, !of.parentElement.open); }, true);
  document.addEventListener("toggle", ({target}) => keep(target, target.open), true);
  document.addEventListener("htmx:after:swap", () => {
    for (const id of opened) { const found = document.getElementById(id); if (found) found.open = true; }
  });

  // A draft: what was changed in it is what is copied and what the mail program gets.
  const draftOf = (node) => {
    const box = node.closest("[data-draft]");
    return box && {box, value: (name) => box.querySelector(`[data-draft-${name}]`).value};
  };
  const showCopy = () => { if (navigator.clipboard) for (const each of document.querySelectorAll("[data-draft-copy]")) each.hidden = false; };
  showCopy();
  document.addEventListener("htmx:after:swap", showCopy);
  document.addEventListener("input", (event) => {
    const draft = draftOf(event.target);
    if (!draft) return;
    const to = encodeURIComponent(draft.value("to").trim()).replaceAll("%40", "@");
    const body = draft.value("text").replace(/\r?\n/g, "\r\n");
    draft.box.querySelector("[data-draft-open]").href = `mailto:${to}?subject=${encodeURIComponent(draft.value("subject"))}&body=${encodeURIComponent(body)}`;
  });
  document.addEventListener("click", async (event) => {
    if (!event.target.matches("[data-draft-copy]")) return;
    await navigator.clipboard.writeText(draftOf(event.target).value("text"));
    document.getElementById("said").textContent = "Copied";
    event.target.textContent = "Copied";
    setTimeout(() => { event.target.textContent = "Copy"; }, 2000);
  });
})();
