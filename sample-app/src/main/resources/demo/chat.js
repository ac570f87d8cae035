const RETRY_MS = 1000;

const after = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Messages come and go over one connection; a lost one is opened again. */
function overWebSocket(pane) {
  let left = false;
  let socket;

  function open() {
    const url = new URL(`/chat?since=${pane.since}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    socket = new WebSocket(url);
    socket.onopen = () => pane.joined('joined over a WebSocket');
    socket.onmessage = (event) => pane.receive(JSON.parse(event.data));
    socket.onclose = async () => {
      if (!left) {
        pane.lost();
        await after(RETRY_MS);
        if (!left) {
          open();
        }
      }
    };
  }

  open();
  return {
    say: async (message) => socket.send(JSON.stringify(message)),
    leave() {
      left = true;
      socket.close();
    },
  };
}

/** Asks for the next messages again and again; each answer comes when there are some. */
function overPolling(pane) {
  const leaving = new AbortController();
  const { signal } = leaving;

  async function ask() {
    const response = await fetch(`/chat?since=${pane.since}`, { signal });
    if (!response.ok) {
      throw new Error(`answered ${response.status}`);
    }
    return response.json();
  }

  async function askOn() {
    pane.joined('joined by long polling');
    while (!signal.aborted) {
      try {
        pane.receive(await ask());
        pane.joined('joined by long polling');
      } catch {
        if (!signal.aborted) {
          pane.lost();
          await after(RETRY_MS);
        }
      }
    }
  }

  askOn();
  return {
    async say(message) {
      const response = await fetch('/chat', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(message),
      });
      if (!response.ok) {
        pane.receive(await response.json());
      }
    },
    leave: () => leaving.abort(),
  };
}

/** One user of the chat. */
class Pane {
  since = 0;
  #transport;
  #element;

  constructor(element, user, transport) {
    this.#element = element;
    element.setAttribute('aria-label', user);
    element.querySelector('[name=user]').value = user;
    element.querySelector('[name=transport]').value = transport;
    this.#onSubmit('.join', () => this.#join());
    this.#onSubmit('.say', () => this.#say());
  }

  #onSubmit(selector, action) {
    this.#element.querySelector(selector).addEventListener('submit', (event) => {
      event.preventDefault();
      action();
    });
  }

  #value(name) {
    return this.#element.querySelector(`[name=${name}]`).value;
  }

  #show(selector, text) {
    const element = this.#element.querySelector(selector);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  #join() {
    this.#transport?.leave();
    this.lost('joining');
    const open = this.#value('transport') === 'polling' ? overPolling : overWebSocket;
    this.#transport = open(this);
  }

  async #say() {
    const text = this.#element.querySelector('[name=text]');
    this.#show('.problem', '');
    try {
      await this.#transport.say({ user: this.#value('user'), text: text.value });
      text.value = '';
    } catch {
      this.#show('.problem', 'The message could not be sent.');
    }
  }

  joined(status) {
    this.#show('.status', status);
    this.#enable(true);
  }

  lost(status = 'connection lost, trying again') {
    this.#show('.status', status);
    this.#enable(false);
  }

  #enable(enabled) {
    for (const element of this.#element.querySelectorAll('.say input, .say button')) {
      element.disabled = !enabled;
    }
  }

  /** A list of messages, or what was wrong with the message that was sent. */
  receive(answer) {
    if (!Array.isArray(answer)) {
      this.#show('.problem', `${answer.error}; allowed: ${answer.allowed}`);
      return;
    }
    const messages = this.#element.querySelector('.messages');
    for (const { number, user, text } of answer) {
      const item = document.createElement('li');
      item.textContent = `${user}: ${text}`;
      messages.append(item);
      this.since = number;
    }
    messages.scrollTop = messages.scrollHeight;
  }
}

export function addPane(user, transport) {
  const copy = document.getElementById('pane').content.cloneNode(true);
  const element = copy.querySelector('.pane');
  document.getElementById('panes').append(copy);
  return new Pane(element, user, transport);
}
