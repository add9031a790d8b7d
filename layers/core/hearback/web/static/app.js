// Live updates, theme and keys. The page works without any of it.
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
  let wait = 500, pending = null;
  const changed = () => {
    clearTimeout(pending);
    pending = setTimeout(() => body.dispatchEvent(new CustomEvent("hearback-changed")), 120);
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
      socket.onopen = () => { if (wait > 500) changed(); wait = 500; body.dataset.connection = "open"; };
      socket.onmessage = (event) => { if (JSON.parse(event.data).type === "changed") changed(); };
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
  let before = stages();
  document.addEventListener("htmx:after:swap", () => {
    const now = stages();
    const said = [];
    for (const [key, stage] of now) {
      if (before.get(key) === stage) continue;
      const card = document.getElementById(`card-${key}`);
      if (card) { card.classList.add("fresh"); said.push(card.querySelector("strong").textContent); }
    }
    if (said.length && document.getElementById("said")) document.getElementById("said").textContent = `Changed: ${said.join(", ")}`;
    if (now.size) before = now;
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

  // Keys of the Email Inbox.
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = [...document.querySelectorAll(".review > li")];
    if (!items.length) return;
    const at = items.findIndex((item) => item.contains(document.activeElement));
    const current = items[Math.max(at, 0)];
    const click = (selector) => { const found = current.querySelector(selector); if (found) found.click(); };
    if (event.key === "j") items[Math.min(at + 1, items.length - 1)].focus();
    else if (event.key === "k") items[Math.max(at - 1, 0)].focus();
    else if (event.key === "c") click("button.primary");
    else if (event.key === "i") click("button.quiet");
    else if (event.key === "Enter" && at >= 0 && document.activeElement === current) click("summary");
    else return;
    event.preventDefault();
  });
})();
