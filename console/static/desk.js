// Small comforts; every page works without them.
"use strict";

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question) return;
    if (!window.confirm(question)) { event.preventDefault(); return; }
    const yes = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
    form.append(yes);  // else the server asks, as it does without scripts
  });
}

// What is under way is not sent again: the buttons rest until the next page, or until one comes back to this one.
for (const form of document.querySelectorAll("form[method=post]")) {
  const rest = (resting) => form.querySelectorAll("button").forEach((button) => { button.disabled = resting; });
  form.addEventListener("submit", (event) => { if (!event.defaultPrevented) setTimeout(rest, 0, true); });
  window.addEventListener("pageshow", () => rest(false));
}

// On a phone the menu scrolls: the page one is on stays in sight.
document.querySelector(".bar [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// On a phone a row of a wide table reads as a card: each value behind the name of its column (`.stack`).
for (const table of document.querySelectorAll(".scroll > table:not(.month, .stack)")) {
  const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  const { scrollWidth, clientWidth } = table.parentElement;
  if (names.length < 4 && scrollWidth <= clientWidth) continue;
  table.classList.add("stack");
  for (const cell of table.querySelectorAll("tbody td")) {
    if (cell.colSpan > 1) continue;
    if (!cell.textContent.trim()) cell.classList.add("empty");
    else if (!cell.querySelector("form")) cell.dataset.label = names[cell.cellIndex];
  }
}

// A quote that does not stand in the clause's text is marked as it is typed.
const text = document.querySelector("textarea#text");
const quotes = document.querySelectorAll("[data-quote]");
if (text && quotes.length) {
  const check = () => {
    for (const quote of quotes) {
      const missing = quote.value !== "" && !text.value.includes(quote.value.trim());
      quote.classList.toggle("missing", missing);
      quote.setAttribute("aria-invalid", String(missing));
      quote.title = missing ? "原文摘录不在条文正文中" : "";
    }
  };
  document.addEventListener("input", check);
  check();
}

// A long text is never cut: its characters are counted, and what is too long is said while it is typed.
for (const field of document.querySelectorAll("[data-most]")) {
  const most = Number(field.dataset.most);
  const told = document.createElement("small");
  told.setAttribute("role", "status");
  field.after(told);
  const count = () => {
    const length = [...field.value.trim()].length;
    told.textContent = length > most ? `已写 ${length} 个字，超出 ${length - most} 个，请删减后再保存` : `${length} / ${most}`;
    told.classList.toggle("problem", length > most);
  };
  field.addEventListener("input", count);
  count();
}

// Where a browser keeps a field from growing, it says so: a pasted text would end early without a word.
document.addEventListener("input", ({ target }) => {
  if (!(target.maxLength > 0)) return;
  target.limitTold?.remove();
  if (target.value.length < target.maxLength) return;
  target.limitTold = Object.assign(document.createElement("small"), { className: "problem", textContent: `最多 ${target.maxLength} 个字，超出的没有填入` });
  target.limitTold.setAttribute("role", "status");
  target.after(target.limitTold);
});

// Live counters of a campaign.
const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  const source = new EventSource(live.dataset.live);
  source.addEventListener("message", (event) => {
    const { status, counts } = JSON.parse(event.data);
    live.querySelector("[data-status]").textContent = status;
    for (const cell of live.querySelectorAll("[data-count]")) cell.textContent = counts[cell.dataset.count] ?? 0;
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) live.querySelector("[data-status]").textContent += "（登录已超时，请刷新页面）";
  });
}

// What was typed stays on the page, also where the session is over: sending it leads through signing in and on.
const tellSignedOut = (place) => {
  if (place.querySelector(".error")) return;
  const told = Object.assign(document.createElement("p"), { className: "error", textContent: "登录已超时，预览暂停。填写的内容还在，提交时登录即可继续。" });
  told.setAttribute("role", "alert");
  place.prepend(told);
};

// The phone beside a broadcast follows what is typed.
const composing = document.querySelector("form[data-preview]");
if (composing) {
  let waiting;
  composing.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(composing.dataset.preview, { method: "POST", body: new FormData(composing) });
      const phone = document.querySelector("[data-phone]");
      if (answer.ok && !answer.redirected) phone.innerHTML = await answer.text();
      else if (answer.redirected || answer.status === 401 || answer.status === 403) tellSignedOut(phone);
    }, 300);
  });
}
