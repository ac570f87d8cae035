const element = (id) => document.getElementById(id);

function cell(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function row({ name, outcome, millis, body, reason }) {
  const made = document.createElement('tr');
  const heading = cell('th', name);
  heading.scope = 'row';
  made.append(
    heading,
    cell('td', outcome),
    cell('td', `${millis} ms`),
    cell('td', body ?? reason ?? ''),
  );
  return made;
}

async function showAnswers() {
  const response = await fetch('/upstreams');
  if (!response.ok) {
    throw new Error(`answered ${response.status}`);
  }
  element('upstreams-answers').replaceChildren(...(await response.json()).map(row));
}

export function upstreams() {
  const ask = element('upstreams-ask');
  ask.addEventListener('click', async () => {
    ask.disabled = true;
    element('upstreams-status').textContent = 'asking';
    try {
      await showAnswers();
      element('upstreams-status').textContent = 'answered';
    } catch {
      element('upstreams-status').textContent = 'no answer';
    }
    ask.disabled = false;
  });
}
