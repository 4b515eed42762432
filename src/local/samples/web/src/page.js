import { notice } from './notice.js';

/** Renders the page for one answer of the client, or for the error it threw. */
export async function renderPage(client) {
  try {
    const { sky } = await client.request('/now');
    return `<main><p>The sky is ${escapeHtml(sky)}.</p></main>`;
  } catch (error) {
    return `<main><p role="alert">${escapeHtml(notice(error))}</p></main>`;
  }
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
