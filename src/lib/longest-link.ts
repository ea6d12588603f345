/** Characters of a URL that mail programs and chats are known to leave whole. */
export const LONGEST_LINK = 8000
