// Small comforts; every page works without them.
"use strict";

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
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

// Live counters of a campaign.
const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  new EventSource(live.dataset.live).addEventListener("message", (event) => {
    const { status, counts } = JSON.parse(event.data);
    live.querySelector("[data-status]").textContent = status;
    for (const cell of live.querySelectorAll("[data-count]")) cell.textContent = counts[cell.dataset.count] ?? 0;
  });
}

// The phone beside a broadcast follows what is typed.
const composing = document.querySelector("form[data-preview]");
if (composing) {
  let waiting;
  composing.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(composing.dataset.preview, { method: "POST", body: new FormData(composing) });
      if (answer.ok) document.querySelector("[data-phone]").innerHTML = await answer.text();
    }, 300);
  });
}
