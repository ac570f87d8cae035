const element = (id) => document.getElementById(id);

/** The lines of a response, each as soon as it has come. */
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const complete = (rest + piece.value).split('\n');
    rest = complete.pop();
    yield* complete;
  }
}

async function showTicker() {
  element('ticker-messages').replaceChildren();
  for await (const line of lines(await fetch('/ticker'))) {
    const item = document.createElement('li');
    item.textContent = line;
    element('ticker-messages').append(item);
  }
}

export function ticker() {
  const start = element('ticker-start');
  start.addEventListener('click', async () => {
    start.disabled = true;
    element('ticker-status').textContent = 'running';
    try {
      await showTicker();
      element('ticker-status').textContent = 'closed by the server';
    } catch {
      element('ticker-status').textContent = 'connection lost';
    }
    start.disabled = false;
  });
}

/** EventSource connects again by itself, and tells the server the last event it has seen. */
export function clock() {
  const button = element('clock-switch');
  let source;

  function run() {
    source = new EventSource('/clock');
    source.addEventListener('tick', (event) => {
      element('clock-time').textContent = event.data;
      element('clock-count').textContent = event.lastEventId;
    });
  }

  button.addEventListener('click', () => {
    const isRunning = button.getAttribute('aria-pressed') === 'true';
    if (isRunning) {
      source.close();
    } else {
      run();
    }
    button.setAttribute('aria-pressed', String(!isRunning));
  });
}
