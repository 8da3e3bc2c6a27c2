/**
 * The server lets only those styles be written at run time that carry the word it chose for this answer (a nonce; it
 * stands in the page, see vite.config.ts). Mantine is told; the part of it that stops scrolling behind a dialog asks
 * for the global name by which such parts agree.
 */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

Object.assign(globalThis, { __webpack_nonce__: styleNonce });
