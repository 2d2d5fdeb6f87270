// The page: phones and tools, kept up to date by the sandbox's events.
import { node } from "./bubbles.js";
import { Phone } from "./phone.js";
import { listen } from "./server.js";
import { Tools } from "./tools.js";

const tools = new Tools();
const phones = new Map();
const bubbles = new Map();
let codes = [];
let buttons = [];
const tabs = document.getElementById("tabs");

const desk = {
  account: document.body.dataset.account,
  suggestions: document.body.dataset.suggestions.split("|").filter(Boolean),
  notifications: [],
  now: () => tools.now(),
  clockFace: () => tools.shanghai(tools.now()).slice(11, 16),
  dayAndTime: (at) => {
    const shown = tools.shanghai(at);
    return `${Number(shown.slice(5, 7))}月${Number(shown.slice(8, 10))}日 ${shown.slice(11, 16)}`;
  },
  say: (text, bad) => tools.say(text, bad),
  showRaw: (bubble) => tools.showRaw(bubbles.get(bubble.number) ?? bubble),
};

function choose(openid) {
  for (const [each, phone] of phones) {
    const chosen = each === openid;
    phone.element.classList.toggle("chosen", chosen);
    phone.tab.setAttribute("aria-selected", String(chosen));
    phone.tab.tabIndex = chosen ? 0 : -1;
  }
}

function addPhone(person) {
  const phone = new Phone(person, phones.size, desk);
  phone.tab = node("button", "", person.nickname);
  phone.tab.type = "button";
  phone.tab.id = `tab-${phone.index}`;
  phone.tab.setAttribute("role", "tab");
  phone.tab.setAttribute("aria-controls", phone.element.id);
  phone.tab.addEventListener("click", () => choose(person.openid));
  tabs.append(phone.tab);
  document.getElementById("desk").append(phone.element);
  phones.set(person.openid, phone);
  phone.menu(buttons);
  phone.codes(codes);
  if (phones.size === 1) choose(person.openid);
}

function showPerson(person) {
  if (phones.has(person.openid)) phones.get(person.openid).show(person);
  else addPhone(person);
}

function showBubble(bubble, fresh = true) {
  bubbles.set(bubble.number, bubble);
  phones.get(bubble.openid)?.add(bubble, fresh);
}

function showMenu(menu) {
  buttons = menu.button;
  for (const phone of phones.values()) phone.menu(buttons);
}

function showCodes(known) {
  codes = known.slice(0, 8);
  for (const phone of phones.values()) phone.codes(codes);
}

function showState(state) {
  tools.clock(state.clock);
  tools.faults(state.faults);
  desk.notifications = state.notifications;
  bubbles.clear();
  state.people.forEach(showPerson);
  for (const phone of phones.values()) phone.clear();
  state.bubbles.forEach((bubble) => showBubble(bubble, false));
  showMenu(state.menu);
  showCodes(state.qr);
  for (const phone of phones.values()) phone.toEnd();
}

function lamp(on) {
  const light = document.getElementById("lamp");
  light.className = on ? "lamp on" : "lamp off";
  light.textContent = on ? "已连接" : "连接断开，正在重连";
}

tabs.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...phones.values()];
  const at = all.findIndex((phone) => phone.tab === document.activeElement);
  const next = all[(at + step + all.length) % all.length];
  choose(next.person.openid);
  next.tab.focus();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest(".menu")) for (const phone of phones.values()) phone.closeMenu();
});

setInterval(() => {
  for (const phone of phones.values()) phone.caption();
}, 5000);

listen({
  state: showState,
  bubble: (bubble) => showBubble(bubble),
  raw: ({ number, raw }) => bubbles.has(number) && (bubbles.get(number).raw = raw),
  person: showPerson,
  cleared: ({ openid }) => phones.get(openid)?.clear(),
  menu: showMenu,
  clock: (clock) => {
    tools.clock(clock);
    for (const phone of phones.values()) phone.caption();
  },
  faults: (faults) => tools.faults(faults),
  waiting: ({ openid, on }) => phones.get(openid)?.waiting(on),
  typing: ({ openid, on }) => phones.get(openid)?.waiting(on),
  qr: (code) => showCodes([code, ...codes]),
}, lamp);
