// One person's phone: the chat, what they type and tap, and the menu under it.
import { bubbleItem, node } from "./bubbles.js";
import { act } from "./server.js";

const MINUTE = 60;

export class Phone {
  constructor(person, index, desk) {
    this.desk = desk;
    this.index = index;
    this.voice = false;
    this.lastAt = 0;
    this.element = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.element.id = `phone-${index}`;
    this.element.querySelectorAll(".account").forEach((each) => (each.textContent = desk.account));
    this.chat = this.find(".chat");
    this.typed = this.find(".typed");
    this.typed.id = `typed-${index}`;
    const label = this.find(".composer label");
    label.htmlFor = this.typed.id;
    label.textContent = `${person.nickname}要说的话`;
    this.chat.setAttribute("aria-label", `${person.nickname}的聊天`);
    this.element.setAttribute("aria-label", `${person.nickname}的手机`);
    this.suggest();
    this.wire();
    this.show(person);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  /** Sends an act; what is refused is said in the tools. */
  async act(what) {
    try {
      await act(this.person.openid, what);
    } catch (error) {
      this.desk.say(error.message, true);
    }
  }

  say(text, menuId = "") {
    if (text.trim()) this.act({ do: "say", text, menu_id: menuId });
  }

  suggest() {
    const row = this.find(".suggestions");
    for (const text of this.desk.suggestions) {
      const button = node("button", "", text);
      button.type = "button";
      button.addEventListener("click", () => this.say(text));
      row.append(button);
    }
  }

  wire() {
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.typed.value;
      if (this.voice) this.act({ do: "voice", text });
      else this.say(text);
      this.typed.value = "";
      this.typed.focus();
    });
    this.find(".voice").addEventListener("click", (event) => {
      this.voice = !this.voice;
      event.currentTarget.setAttribute("aria-pressed", String(this.voice));
      this.placeholder();
    });
    const more = this.find(".more");
    more.addEventListener("click", () => {
      const panel = this.find(".more-panel");
      panel.hidden = !panel.hidden;
      more.setAttribute("aria-expanded", String(!panel.hidden));
      this.toEnd();
    });
    this.find(".scan").addEventListener("submit", (event) => {
      event.preventDefault();
      const scene = event.currentTarget.elements.scene.value.trim();
      if (scene) this.act({ do: "scan", scene });
    });
    for (const button of this.element.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => this.more(button.dataset.act));
    }
    this.find(".follow").addEventListener("click", () => this.act({ do: "follow" }));
    this.find(".leave").addEventListener("click", () => this.act({ do: "unfollow" }));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.find('[aria-haspopup][aria-expanded="true"]')?.focus();
      this.closeMenu();
    });
  }

  more(what) {
    if (what === "refuse") return this.act({ do: what, accept: this.person.refuses_templates });
    if (what !== "consent") return this.act({ do: what });
    const template = this.desk.notifications[0];
    return template && this.act({ do: "consent", key: template.id, label: template.title });
  }

  placeholder() {
    this.typed.placeholder = this.voice ? "这句话当作语音说出" : "输入问题";
  }

  /** The person as they are now. */
  show(person) {
    this.person = person;
    this.element.classList.toggle("away", !person.following);
    this.find('[data-act="refuse"]').setAttribute("aria-pressed", String(person.refuses_templates));
    this.placeholder();
    this.caption();
  }

  /** What may be sent to them unasked, told under the phone. */
  caption() {
    const now = Date.now() / 1000; // the platform's windows keep real time
    const { nickname, following, message_until, message_left, action_until, action_left } = this.person;
    const windows = [];
    if (message_until > now) windows.push(`${message_left} 条，${span(message_until - now)}内`);
    if (action_until > now) windows.push(`${action_left} 条，1 分钟内`);
    const allowed = windows.length ? windows.join("；") : "暂无";
    const caption = this.find(".caption");
    caption.replaceChildren(node("strong", "", nickname), document.createElement("br"));
    caption.append(following ? `可主动发客服消息：${allowed}` : "还没有关注");
    this.find(".top .time").textContent = this.desk.clockFace();
  }

  waiting(on) {
    this.find(".state").textContent = on ? "对方正在输入…" : "";
  }

  add(bubble, fresh = true) {
    this.tellTime(bubble.at * 1000);
    const face = () => node("span", `face c${this.index % 6}`, this.person.nickname.slice(0, 1));
    const item = bubbleItem(bubble, face, (text, id) => this.say(text, id), (shown) => this.desk.showRaw(shown));
    if (fresh) item.classList.add("fresh");
    this.chat.append(item);
    this.toEnd();
  }

  /** A line with the time, where some has passed since the last thing. */
  tellTime(at) {
    if (Math.abs(at - this.lastAt) < 5 * MINUTE * 1000) return;
    this.lastAt = at;
    this.chat.append(node("div", "note", this.desk.dayAndTime(at)));
  }

  /** Scrolls to the end, but not past the beginning of a long answer and the question before it. */
  toEnd() {
    const asked = [...this.chat.querySelectorAll(".own")].at(-1);
    const end = this.chat.scrollHeight - this.chat.clientHeight;
    const answered = asked?.nextElementSibling && asked.nextElementSibling === this.chat.lastElementChild;
    this.chat.scrollTop = answered ? Math.min(end, asked.offsetTop - 12) : end;
  }

  clear() {
    this.lastAt = 0;
    this.chat.replaceChildren();
  }

  codes(codes) {
    const row = this.find(".codes");
    row.replaceChildren();
    for (const { scene } of codes) {
      const button = node("button", "", `扫 ${scene}`);
      button.type = "button";
      button.addEventListener("click", () => this.act({ do: "scan", scene }));
      row.append(button);
    }
  }

  menu(buttons) {
    const bar = this.find(".menu");
    bar.replaceChildren();
    for (const button of buttons) {
      const holder = node("div");
      const top = node("button", "", button.name);
      top.type = "button";
      holder.append(top);
      if (button.sub_button?.length) this.submenu(holder, top, button.sub_button);
      else top.addEventListener("click", () => this.tap(button));
      bar.append(holder);
    }
  }

  submenu(holder, top, children) {
    const list = node("ul");
    list.hidden = true;
    top.setAttribute("aria-haspopup", "true");
    top.setAttribute("aria-expanded", "false");
    for (const child of children) {
      const item = node("li");
      const button = node("button", "", child.name);
      button.type = "button";
      button.addEventListener("click", () => {
        this.closeMenu();
        this.tap(child);
        top.focus();
      });
      item.append(button);
      list.append(item);
    }
    top.addEventListener("click", () => {
      const opening = list.hidden;
      this.closeMenu();
      list.hidden = !opening;
      top.setAttribute("aria-expanded", String(opening));
      if (opening) list.querySelector("button").focus();
    });
    list.addEventListener("keydown", (event) => moveFocus(event, list));
    holder.append(list);
  }

  closeMenu() {
    this.element.querySelectorAll(".menu ul").forEach((list) => (list.hidden = true));
    this.element.querySelectorAll("[aria-haspopup]").forEach((top) => top.setAttribute("aria-expanded", "false"));
  }

  tap(button) {
    if (button.type === "view" || button.type === "miniprogram") {
      this.act({ do: "view", key: button.url, label: button.name });
      if (/^https?:\/\//.test(button.url)) window.open(button.url, "_blank", "noopener,noreferrer");
      return;
    }
    this.act({ do: "tap", key: button.key, label: button.name, button: button.type });
  }
}

function span(seconds) {
  const minutes = Math.ceil(seconds / MINUTE);
  return minutes > 90 ? `${Math.round(minutes / 60)} 小时` : `${minutes} 分钟`;
}

function moveFocus(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}
