// The Email Inbox by keyboard: one act a key, the list moves on by itself, one Undo a batch.
// The page works without any of this: rows are links, everything done is a plain form.
(() => {
  "use strict";
  const page = document.querySelector("[data-inbox]");
  if (!page) return;
  const body = document.body;
  const el = (id) => document.getElementById(id);
  const csrf = body.dataset.csrf;
  const FEW = 20, CALM = 1500, AHEAD = 2;
  const ticked = new Set();
  const leaving = new Set();     // acted on, not answered yet
  const seen = new Map();        // fact → its row as the server wrote it
  const details = new Map();     // fact → promise of what the server says about it
  let selected = null, version = 0;
  let answers = 0, waits = null;  // what still waited at the last answer: a look at the list that began before it knows less
  let stale = false;              // such a look was shown; another one follows
  let shown = Number(el("queue-part").dataset.shown), total = Number(el("queue-part").dataset.total);
  let acts = Promise.resolve();  // one after the other: a later one may build on an earlier one
  body.dataset.calm = CALM;

  const rows = () => [...document.querySelectorAll("#queue > li")];
  const rowOf = (fact) => rows().find((row) => row.dataset.fact === fact);
  const say = (text) => { el("said").textContent = ""; setTimeout(() => { el("said").textContent = text; }, 20); };

  // Talking to the server.
  const answerOf = async (answer) => {
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.error || "That did not work. Reload the page to see how things stand.");
    return found;
  };
  const post = (path, fields) => fetch(path, {
    method: "POST", headers: {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"},
    body: fields instanceof URLSearchParams ? fields : new URLSearchParams({csrf, ...fields}),
  }).then(answerOf);
  const get = (path, query) => fetch(`${path}?${new URLSearchParams(query)}`).then((answer) => {
    if (!answer.ok) throw new Error("gone");
    return answer.text();
  });
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  // The list and what is selected in it.
  const count = (left) => {
    total = left;
    el("waiting").textContent = left;
    const badge = el("part-inbox-count");
    if (badge) { badge.lastChild.textContent = left; badge.classList.toggle("none", !left); }
    el("nothing").hidden = left > 0;
    el("triage").hidden = left === 0;
  };
  const mark = () => {
    for (const row of rows()) {
      const on = row.dataset.fact === selected, link = row.querySelector("a"), box = row.querySelector("input");
      row.classList.toggle("selected", on);
      if (on) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      link.tabIndex = box.tabIndex = on ? 0 : -1;
      box.checked = ticked.has(row.dataset.fact);
    }
    const batch = el("batch");
    batch.hidden = !ticked.size;
    batch.elements.facts.value = [...ticked].join("\n");
    batch.querySelector("[data-ticked]").textContent = `${ticked.size} ticked:`;
  };
  const load = (fact) => {
    if (!details.has(fact)) {
      const found = get("/inbox/item", {fact});
      found.catch(() => details.delete(fact));
      details.set(fact, found);
    }
    return details.get(fact);
  };
  const busy = () => {  // somebody is typing or choosing in it
    const item = el("item"), form = el("review");
    if (!item || !form) return false;
    if (item.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return true;
    const before = (field) => (field.matches("select") ? ([...field.options].find((each) => each.defaultSelected) || field.options[0]).value : field.defaultValue);
    return [...form.elements].some((field) => field.matches("input:not([type=hidden]):not([type=radio]), select") && field.value !== before(field))
      || [...form.elements].some((field) => field.matches("[type=radio]") && field.checked !== field.defaultChecked);
  };
  const put = (html) => {
    const made = parsed(html).getElementById("item");
    if (!made) return;
    el("item-side").replaceChildren(made);
    if (window.htmx) window.htmx.process(made);
  };
  const show = async (fact) => {
    const now = el("item");
    if (now && now.dataset.fact === fact) return;
    if (now) now.setAttribute("aria-busy", "true");
    try {
      const html = await load(fact);
      if (selected === fact) put(html);
    } catch { /* it is gone: the next look at the list says so */ }
  };
  const renew = async () => {  // what was fetched before an act may say otherwise after it
    details.clear();
    const fact = selected;
    if (!fact) return;
    const html = await load(fact).catch(() => null);
    if (html && selected === fact && !busy() && el("item")?.dataset.fact === fact) {
      const made = parsed(html).getElementById("item");
      if (made && made.innerHTML !== parsed(el("item").outerHTML).getElementById("item").innerHTML) put(html);
    }
    for (const row of rows().slice(rows().indexOf(rowOf(fact)) + 1).slice(0, AHEAD)) load(row.dataset.fact).catch(() => {});
  };
  const select = (row, focus) => {
    selected = row ? row.dataset.fact : null;
    mark();
    if (!row) { el("item-side").replaceChildren(); return; }
    if (focus) { row.querySelector("a").focus({preventScroll: true}); row.scrollIntoView({block: "nearest"}); }
    show(selected);
    for (const next of rows().slice(rows().indexOf(row) + 1).slice(0, AHEAD)) load(next.dataset.fact).catch(() => {});
  };
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.dataset.fact === selected);
    select(all[Math.min(Math.max(at + by, 0), all.length - 1)], true);
  };

  // The list again: rows that are as they were stay, with focus and ticks.
  let looking = null, next = null;
  const refresh = () => {  // one look at a time; who asks during one gets another after it
    if (!looking) { looking = look().finally(() => { looking = null; }); return looking; }
    next = next || looking.catch(() => {}).then(() => { next = null; return refresh(); });
    return next;
  };
  const look = async () => {
    const since = answers;
    const found = parsed(await get("/inbox/queue", {shown}));
    const list = el("queue"), held = new Map(rows().map((row) => [row.dataset.fact, row]));
    const focused = list.contains(document.activeElement);
    const fresh = [...found.querySelectorAll("#queue > li")].filter((row) => !leaving.has(row.dataset.fact) && (since === answers || waits.has(row.dataset.fact)));
    list.replaceChildren(...fresh.map((row) => {
      const fact = row.dataset.fact, same = held.has(fact) && seen.get(fact) === row.outerHTML;
      seen.set(fact, row.outerHTML);
      return same ? held.get(fact) : row;
    }));
    const more = document.querySelector("#queue-part .more"), wanted = found.querySelector(".more");
    if (more) more.remove();
    if (wanted) el("queue-part").append(wanted);
    stale = since !== answers;
    if (!stale) count(Math.max(Number(found.getElementById("queue-part").dataset.total) - leaving.size, fresh.length));
    for (const fact of ticked) if (!rowOf(fact) && !wanted) ticked.delete(fact);
    const row = rowOf(selected) || rows()[0];
    if (row && row.dataset.fact === selected) { mark(); if (focused) row.querySelector("a").focus({preventScroll: true}); }
    else select(row, focused);
  };

  // Acts.
  let running = 0;
  const inTurn = (work) => {
    running += 1;
    el("queue").setAttribute("aria-busy", "true");
    acts = acts.then(work).catch(() => {}).finally(() => {
      running -= 1;
      if (running) return;
      el("queue").removeAttribute("aria-busy");
      if (stale) refresh().catch(() => {});
    });
    return acts;
  };
  const undos = JSON.parse(sessionStorage.getItem("hearback-undo") || "[]");
  const remember = () => sessionStorage.setItem("hearback-undo", JSON.stringify(undos.slice(-100)));
  const tell = (text, batch) => {
    const did = el("did");
    did.hidden = false;
    did.querySelector("[data-said]").textContent = text;
    did.querySelector("form").hidden = !batch;
    if (batch) did.querySelector("[name=fact]").value = batch;
  };
  const leave = (facts) => {
    const out = new Set(facts), all = rows(), held = all.some((row) => row.contains(document.activeElement)) || document.activeElement === body || el("item-side").contains(document.activeElement) || el("batch").contains(document.activeElement);
    const at = all.findIndex((row) => row.dataset.fact === selected);
    const next = all.slice(Math.max(at, 0)).find((row) => !out.has(row.dataset.fact)) || all.slice(0, Math.max(at, 0)).reverse().find((row) => !out.has(row.dataset.fact));
    for (const fact of out) { leaving.add(fact); ticked.delete(fact); details.delete(fact); rowOf(fact)?.remove(); }
    count(Math.max(total - out.size, 0));
    if (out.has(selected)) select(next || null, held); else mark();
    if (rows().length < FEW && total > rows().length) refresh().catch(() => {});
  };
  const act = (path, fields, facts) => {
    leave(facts);
    return inTurn(() => post(path, fields).then((answer) => {
      const waiting = new Set(answer.waiting);
      waits = waiting;
      answers += 1;
      for (const fact of facts) leaving.delete(fact);
      version = Math.max(version, answer.version);
      if (answer.undo) { undos.push(answer.undo); remember(); }
      tell(answer.said, answer.undo);
      say(`${answer.said} ${answer.waiting.length} left.`);
      const also = rows().filter((row) => !waiting.has(row.dataset.fact)).map((row) => row.dataset.fact);
      if (also.length) { leave(also); for (const fact of also) leaving.delete(fact); }
      count(Math.max(waiting.size - [...leaving].filter((fact) => waiting.has(fact)).length, 0));
      renew();
      if (facts.some((fact) => waiting.has(fact)) || (rows().length < FEW && total > rows().length)) return refresh();
    }).catch((error) => {
      for (const fact of facts) leaving.delete(fact);
      tell(error.message, null);
      say(error.message);
      return refresh().then(() => { const row = rowOf(facts[0]); if (row) select(row, true); });
    }));
  };
  const undo = (batch) => {
    if (!batch) { say("There is nothing to undo."); return; }
    const before = new Set(rows().map((row) => row.dataset.fact));
    inTurn(() => post("/facts/undo", {fact: batch}).then(async (answer) => {
      const at = undos.lastIndexOf(batch);
      if (at >= 0) undos.splice(at, 1);
      remember();
      version = Math.max(version, answer.version);
      waits = new Set(answer.waiting);
      answers += 1;
      tell(answer.said, null);
      say(answer.said);
      details.clear();
      await refresh();
      const back = rows().find((row) => !before.has(row.dataset.fact));
      if (back) select(back, true);
    }).catch((error) => { tell(error.message, null); say(error.message); }));
  };
  const press = (path, target) => {  // the selected mail, as its form says where that is loaded
    const form = el("review"), loaded = form && el("item").dataset.fact === selected;
    if (!selected) return;
    if (loaded && path === "/review/confirm" && !form.reportValidity()) return;
    const fields = loaded && path === "/review/confirm" ? new URLSearchParams(new FormData(form)) : new URLSearchParams({csrf, fact: selected});
    if (target) fields.set("target", target);
    act(path, fields, [selected]);
  };
  const all = (path) => act(path, {facts: [...ticked].join("\n")}, [...ticked]);
  const tickAll = async (query, of) => {
    const found = await get("/inbox/sort", query).then(JSON.parse, () => null);
    if (!found) { say("That waits no more."); return; }
    const every = found.facts.filter((each) => !leaving.has(each)), on = !every.every((each) => ticked.has(each));
    for (const each of every) if (on) ticked.add(each); else ticked.delete(each);
    mark();
    const unseen = every.filter((each) => !rowOf(each)).length;
    say(on ? `${every.length} ${of} ticked${unseen ? `, ${unseen} of them further down` : ""}.` : "Ticks taken off.");
  };
  const tickSort = () => { if (selected) tickAll({fact: selected}, "of this sort"); };
  const open = (id, field) => {
    const box = el(id);
    if (!box) return;
    box.open = true;
    const first = box.querySelector(field);
    if (first) first.focus();
  };

  // Forms and links that are pressed do the same as keys.
  document.addEventListener("submit", (event) => {
    const form = event.target, by = event.submitter, path = by?.getAttribute("formaction") || form.getAttribute("action");
    if (form.id === "batch") { event.preventDefault(); if (ticked.size) all(path); }
    else if (form.matches("[data-review]")) { event.preventDefault(); press(path, by?.name === "target" ? by.value : null); }
    else if (form.matches("[data-undo]")) { event.preventDefault(); undo(form.elements.fact.value); }
    else if (form.matches("[data-find]")) { event.preventDefault(); document.querySelector("#targets button")?.click(); }
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("#queue a, a[data-key], a[data-more]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.more) { shown = Number(link.dataset.more); refresh(); }
    else if (link.dataset.key === "smart") tickAll({smart: 1}, "that Smart would have applied");
    else if (link.dataset.key) tickSort();
    else { select(link.closest("li"), true); if (matchMedia("(max-width: 900px)").matches) el("item-side").scrollIntoView(); }
  });
  let typing = 0;
  document.addEventListener("input", (event) => {
    if (event.target.matches("#link [name=q]")) {
      const fact = selected, q = event.target.value;
      clearTimeout(typing);
      typing = setTimeout(async () => {
        const html = q.trim() ? await get("/inbox/targets", {fact, q}).catch(() => "") : "";
        if (fact !== selected || q !== event.target.value || !el("targets")) return;
        el("targets").replaceWith(html ? parsed(html).getElementById("targets") : Object.assign(document.createElement("ul"), {id: "targets"}));
        el("targets").scrollIntoView({block: "nearest"});
      }, 80);
    } else if (event.target.form?.id === "review") {
      const fact = selected;
      clearTimeout(typing);
      typing = setTimeout(async () => {
        const told = await post("/review/outcome", new URLSearchParams(new FormData(event.target.form))).then((found) => found.told, (error) => error.message);
        if (fact === selected && el("outcome")) el("outcome").textContent = told;
      }, 150);
    } else if (event.target.closest("#queue")) {
      const fact = event.target.closest("li").dataset.fact;
      if (event.target.checked) ticked.add(fact); else ticked.delete(fact);
      mark();
    }
  });

  // Keys. Single letters can be switched off (WCAG 2.1.4): arrows, Enter and every button still do.
  const single = el("single-keys");
  single.checked = localStorage.getItem("hearback-keys") !== "off";
  single.addEventListener("change", () => localStorage.setItem("hearback-keys", single.checked ? "on" : "off"));
  const keys = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    c: () => (ticked.size ? all("/review/confirm") : press("/review/confirm")),
    i: () => (ticked.size ? all("/review/ignore") : press("/review/ignore")),
    n: () => press("/review/confirm", "new"),
    s: () => press("/review/ignore-sender"),
    l: () => open("link", "[name=q]"),
    e: () => open("edit", "select, input"),
    x: () => { if (selected) { if (ticked.has(selected)) ticked.delete(selected); else ticked.add(selected); mark(); say(`${ticked.size} ticked.`); } },
    a: tickSort,
    u: () => undo(undos[undos.length - 1]),
    "?": () => el("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || el("keys").open) return;
    if (event.key === "Escape") {
      if (at.matches("input:not([type=checkbox]), select, textarea")) rowOf(selected)?.querySelector("a").focus();
      else if (ticked.size) { ticked.clear(); mark(); say("Nothing is ticked."); }
      return;
    }
    if (at.matches("select, textarea, input:not([type=checkbox]):not([type=radio])")) return;
    if (at.matches("input[type=radio]") && event.key.startsWith("Arrow")) return;
    if (event.key === "Enter" && !(at === body || at.closest("#queue") || at.id === "item")) return;
    if (event.repeat && event.key !== "j" && event.key !== "k" && !event.key.startsWith("Arrow")) { event.preventDefault(); return; }
    const does = event.key === "Enter" ? keys.c : event.key.startsWith("Arrow") || single.checked ? keys[event.key] : undefined;
    if (!does || (event.key.startsWith("Arrow") && !(at === body || at.closest("#queue")))) return;
    event.preventDefault();
    does();
  });
  el("show-keys").hidden = false;
  el("show-keys").addEventListener("click", keys["?"]);

  // What others changed: a new look at the list, once the keys have been still.
  body.addEventListener("hearback-changed", (event) => {
    if (event.detail?.version && event.detail.version <= version) return;
    inTurn(() => refresh().then(renew));
  });

  const first = rows().find((row) => row.classList.contains("selected")) || rows()[0];
  for (const row of rows()) if (row.querySelector("input").checked) ticked.add(row.dataset.fact);
  if (el("item")) details.set(el("item").dataset.fact, Promise.resolve(el("item").outerHTML));
  if (first) { selected = first.dataset.fact; mark(); for (const next of rows().slice(rows().indexOf(first) + 1, rows().indexOf(first) + 1 + AHEAD)) load(next.dataset.fact).catch(() => {}); }
})();
