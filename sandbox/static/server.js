// Talking to the sandbox: acts and settings go by JSON, everything that changes comes back as events.

/** Sends JSON; gives the answer, or throws an Error whose message can be shown. */
export async function send(method, path, body) {
  const response = await fetch(`/sandbox${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "GET" ? undefined : JSON.stringify(body ?? {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text || `没有成功（${response.status}）`);
  return text ? JSON.parse(text) : {};
}

export const act = (openid, what) => send("POST", "/act", { openid, act: what });

/** Listens to the sandbox; the browser comes back by itself after a break, and gets everything anew. */
export function listen(handlers, lamp) {
  const source = new EventSource("/sandbox/events");
  source.onopen = () => lamp(true);
  source.onerror = () => lamp(false);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
}
