// The tools beside the phones: the date, sample windows, faults, phones, raw messages.
import { node } from "./bubbles.js";
import { send } from "./server.js";

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;
const SENDS = "/message/";
const FAULTS = {
  busy: { path: SENDS, kind: "errcode", errcode: -1 },
  quota: { path: SENDS, kind: "errcode", errcode: 45009 },
  cut: { path: SENDS, kind: "reset_before" },
  silence: { path: SENDS, kind: "silence", seconds: 30 },
  slow: { path: SENDS, kind: "slow", seconds: 2 },
};
const byId = (id) => document.getElementById(id);

export class Tools {
  constructor() {
    this.offset = 0;
    this.wireDate();
    this.wireSamples();
    this.wireFaults();
    this.wirePhones();
    this.wireRaw();
    this.wirePanel();
  }

  wirePanel() {
    const panel = byId("tools");
    const opener = byId("tools-switch");
    const show = (open) => {
      panel.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", String(open));
      (open ? panel : opener).focus();
    };
    opener.addEventListener("click", () => show(!panel.classList.contains("open")));
    byId("tools-close").addEventListener("click", () => show(false));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  }

  /** The sandbox's date, in milliseconds. */
  now() {
    return Date.now() + this.offset;
  }

  say(text, bad = false) {
    const line = byId("said");
    line.textContent = text;
    line.classList.toggle("bad", bad);
  }

  async run(task, done) {
    try {
      await task();
      this.say(done);
    } catch (error) {
      this.say(error.message, true);
    }
  }

  clock({ now, moved }) {
    this.offset = Date.parse(now) - Date.now();
    this.moved = moved;
    byId("now").parentElement.classList.toggle("moved", moved);
    byId("clock-at").value = this.shanghai(this.now()).slice(0, 16);
    this.tick();
  }

  tick() {
    const shown = this.shanghai(this.now());
    byId("now").dateTime = `${shown.slice(0, 19)}+08:00`;
    const weekday = "日一二三四五六"[new Date(this.now() + SHANGHAI).getUTCDay()];
    byId("now").textContent = `${shown.slice(0, 10)} 周${weekday} ${shown.slice(11, 16)}`;
  }

  shanghai(at) {
    return new Date(at + SHANGHAI).toISOString();
  }

  setDate(at, done) {
    return this.run(() => send("PUT", "/api/_sim/clock", { at: new Date(at).toISOString() }), done);
  }

  wireDate() {
    byId("clock-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.setDate(Date.parse(`${byId("clock-at").value}:00+08:00`), "日期已换。");
    });
    for (const button of document.querySelectorAll("[data-days]")) {
      button.addEventListener("click", () => this.setDate(this.now() + Number(button.dataset.days) * DAY, "日期已换。"));
    }
    byId("clock-reset").addEventListener("click", () => {
      this.run(() => send("DELETE", "/api/_sim/clock"), "已回到真实时间。");
    });
    setInterval(() => this.tick(), 1000);
  }

  wireSamples() {
    byId("samples-add")?.addEventListener("click", () => {
      this.run(() => send("POST", "/samples"), "示例申报期已放入。");
    });
    byId("samples-clear")?.addEventListener("click", () => {
      this.run(() => send("DELETE", "/samples"), "示例申报期已清除。");
    });
  }

  wireFaults() {
    const form = byId("fault-form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => this.setFaults(form));
    byId("fault-clear").addEventListener("click", () => {
      form.reset();
      this.setFaults(form);
    });
    byId("fault-token").addEventListener("click", () => {
      this.run(() => send("POST", "/api/_sim/throw_token_out"), "令牌已作废，机器人下次调用会换新的。");
    });
  }

  setFaults(form) {
    const share = Number(byId("fault-share").value);
    const chosen = Object.keys(FAULTS).filter((name) => form.elements[name].checked);
    const faults = chosen.map((name) => ({ ...FAULTS[name], share }));
    const tokenEvery = form.elements.token.checked ? 5 : null;
    const count = chosen.length + (tokenEvery ? 1 : 0);
    const body = { faults, token_every: tokenEvery };
    this.run(() => send("PUT", "/api/_sim/faults", body), count ? `${count} 种故障生效。` : "接口一切正常。");
  }

  /** The faults in force, also when another page set them. */
  faults({ faults, token_every }) {
    const form = byId("fault-form");
    for (const [name, fault] of Object.entries(FAULTS)) {
      form.elements[name].checked = faults.some(
        (each) => each.kind === fault.kind && (fault.errcode === undefined || each.errcode === fault.errcode),
      );
    }
    form.elements.token.checked = token_every !== null;
    if (faults.length) byId("fault-share").value = String(faults[0].share);
  }

  wirePhones() {
    byId("person-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const nickname = byId("person-name").value;
      this.run(() => send("POST", "/people", { nickname }), "又放了一部手机。");
      event.currentTarget.reset();
    });
    byId("clear-chats").addEventListener("click", () => this.run(() => send("POST", "/clear"), "聊天已清空。"));
  }

  wireRaw() {
    byId("raw-switch").addEventListener("click", (event) => {
      const on = document.body.classList.toggle("raw");
      event.currentTarget.setAttribute("aria-pressed", String(on));
    });
    byId("raw-close").addEventListener("click", () => byId("raw-dialog").close());
  }

  showRaw(bubble) {
    const body = byId("raw-body");
    body.replaceChildren();
    for (const [heading, text] of bubble.raw) {
      body.append(node("h3", "", heading), node("pre", "", pretty(text)));
    }
    if (!bubble.raw.length) body.append(node("h3", "", "还没有报文"));
    byId("raw-dialog").showModal();
  }
}

/** XML with an element a line; what stands in CDATA stays as it is. */
function pretty(text) {
  if (!text.startsWith("<xml>")) return text || "（空）";
  let depth = 0;
  return text.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<\/?[A-Za-z]\w*>/g, (piece, at) => {
    if (piece.startsWith("<!")) return piece;
    const closing = piece.startsWith("</");
    if (closing) depth -= 1;
    const after = text[at - 1] === ">" && (!closing || !/\]\]>$/.test(text.slice(0, at)));
    const line = (at && after ? `\n${"  ".repeat(depth)}` : "") + piece;
    if (!closing) depth += 1;
    return line;
  });
}
