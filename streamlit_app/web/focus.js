// Pages renew themselves every few seconds by replacing their HTML. Who reads with the keyboard or a screen reader stays
// where they were: focus goes to the same link in the new HTML. Nothing else is done, and nothing is sent.
(() => {
  if (window.bcFocus) return;
  window.bcFocus = true;
  let last = null;
  const alike = (tag, href) => [...document.querySelectorAll(`.stHtml ${tag}`)].filter(e => e.getAttribute("href") === href);
  document.addEventListener("focusin", event => {
    const node = event.target;
    const tag = node.tagName.toLowerCase();
    if (!node.closest(".stHtml") || !["a", "summary"].includes(tag)) { last = null; return; }
    const href = node.getAttribute("href");
    last = { node, tag, href, place: alike(tag, href).indexOf(node) };
  });
  document.addEventListener("focusout", event => {
    const left = event.target;
    setTimeout(() => { if (last && last.node === left && left.isConnected && document.hasFocus()) last = null; });
  });
  new MutationObserver(() => {
    if (!last || last.node.isConnected || document.activeElement !== document.body) return;
    const now = alike(last.tag, last.href);
    const same = now[last.place] || now[0];
    if (same) same.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
})();
