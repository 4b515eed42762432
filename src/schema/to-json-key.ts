// json-canonicalize takes any object with a member called `toJSON`, even plain data, for one that serialises itself, and
// leaves its keys unsorted. So the key goes by another name while the library writes: with a NUL behind it, which no other
// key sorts between. A key that ends so already gets one more, and every name stays its own.

const TO_JSON = /^toJSON\0*$/;
// A quote right after `{` or `,` opens a key or a string; inside a string every quote has a backslash before it, and no
// string is followed by a colon unless it is a key.
const HIDDEN = /([{,]"toJSON(?:\\u0000)*)\\u0000":/g;

/** The name by which json-canonicalize may see `key`. It sorts among the others as `key` does. */
export const hideToJson = (key: string): string => (TO_JSON.test(key) ? `${key}\0` : key);

/** `text`, which json-canonicalize wrote, with the hidden keys under their own names. */
export const showToJson = (text: string): string => (text.includes('"toJSON') ? text.replace(HIDDEN, '$1":') : text);
