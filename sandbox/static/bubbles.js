// How each thing in a chat looks. Text from outside only ever becomes text nodes.

const LINK = /<a\s+([^>]*)>([\s\S]*?)<\/a>/gi;
const ADDRESS = /https?:\/\/[^\s<>"'，。；、）（]+/g;

export function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function attribute(source, name) {
  const found = source.match(new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i"));
  return found ? found[1] ?? found[2] : "";
}

function pageLink(address, label) {
  const link = node("a", "", label);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/** An <a> of a message: a page, or words that are sent when tapped (weixin://bizmsgmenu). */
function linkOf(attributes, label, say) {
  const address = attribute(attributes, "href").replaceAll("&amp;", "&");
  if (/^https?:\/\//i.test(address)) return pageLink(address, label);
  const query = address.match(/^weixin:\/\/bizmsgmenu\?(.*)$/i);
  if (!query) return document.createTextNode(label);
  const parameters = new Map(query[1].split("&").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)];
  }));
  return wordOf(label, decode(parameters.get("msgmenucontent") ?? ""), parameters.get("msgmenuid") ?? "", say);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // many bots put raw text here
  }
}

function wordOf(label, content, id, say) {
  // A <button> is a box that begins a line of its own where it wraps; these words flow on, as in WeChat.
  const word = node("span", "word", label);
  word.role = "button";
  word.tabIndex = 0;
  word.addEventListener("click", () => say(content, id));
  word.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    say(content, id);
  });
  return word;
}

function plain(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, found.index), pageLink(found[0], found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function words(content, say) {
  const parts = [];
  let end = 0;
  for (const found of content.matchAll(LINK)) {
    parts.push(...plain(content.slice(end, found.index)), linkOf(found[1], found[2], say));
    end = found.index + found[0].length;
  }
  return [...parts, ...plain(content.slice(end))];
}

function text(content, say) {
  const bubble = node("div", "bubble");
  bubble.append(...words(content.content ?? "", say));
  return bubble;
}

function voice(content) {
  return node("div", "bubble voice", content.content || (content.media_id ? "" : "（没有识别出文字）"));
}

function card(content, kind) {
  const made = node("div", "card");
  made.append(node("div", "kind", kind), node("h4", "", content.title));
  const list = node("dl");
  for (const [label, value] of content.lines) {
    const line = node("div");
    line.append(node("dt", "", label), node("dd", "", value));
    list.append(line);
  }
  made.append(list);
  if (/^https?:\/\//.test(content.url)) made.append(pageLink(content.url, "查看详情"));
  return made;
}

function news(content) {
  const made = node("div", "card");
  for (const article of content.articles) {
    const holder = node("div", "article");
    holder.append(node("span", "seal", "政"), node("h4", "", article.title), node("p", "", article.description));
    holder.firstChild.setAttribute("aria-hidden", "true");
    made.append(holder);
    if (/^https?:\/\//.test(article.url)) made.append(pageLink(article.url, "阅读全文"));
  }
  return made;
}

function menu(content, say) {
  const bubble = node("div", "bubble");
  bubble.append(...words(content.head_content ?? "", say));
  for (const choice of content.list) {
    bubble.append("\n", wordOf(choice.content, choice.content, choice.id, say));
  }
  if (content.tail_content) bubble.append("\n", ...words(content.tail_content, say));
  return bubble;
}

const LOOKS = {
  text,
  voice,
  news,
  msgmenu: menu,
  template: (content) => card(content, "服务通知"),
  notification: (content) => card(content, "订阅通知"),
  image: () => node("div", "picture"),
  location: (content) => node("div", "bubble", `位置：${content.content}`),
};

function note(bubble) {
  const line = node("div", bubble.kind === "fault" ? "note fault" : "note", bubble.content.text);
  if (bubble.content.why) line.append(node("span", "why", `${bubble.content.why}（送了 ${bubble.content.deliveries} 次）`));
  return line;
}

function rawButton(bubble, showRaw) {
  const button = node("button", "show-raw", "报文");
  button.type = "button";
  button.addEventListener("click", () => showRaw(bubble));
  return button;
}

/** One bubble as an element. `say(content, menuId)` sends tapped words, `showRaw(bubble)` opens its messages. */
export function bubbleItem(bubble, face, say, showRaw) {
  if (bubble.side === "note") {
    const line = note(bubble);
    line.append(" ", rawButton(bubble, showRaw));
    return line;
  }
  const item = node("div", bubble.side === "person" ? "turn own" : "turn");
  const box = node("div", "said-box");
  const look = LOOKS[bubble.kind] ?? (() => node("div", "bubble", `[${bubble.kind}]`));
  box.append(look(bubble.content, say), rawButton(bubble, showRaw));
  item.append(bubble.side === "person" ? face() : node("span", "seal", "政"), box);
  item.firstChild.setAttribute("aria-hidden", "true");
  item.prepend(node("span", "visually-hidden", bubble.side === "person" ? "用户：" : "公众号："));
  return item;
}
