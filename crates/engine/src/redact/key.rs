//! Where a private key begins, goes on and ends, line by line.
//! Not here: whether it is one; its rule decides that.

/// Whether a line begins a private key that goes on in the next.
pub(super) fn opens_key(line: &[u8]) -> bool {
    key_begin(line)
        .is_some_and(|at| memchr::memmem::find(&line[at..], b"PRIVATE").is_some() && !closes_key(&line[at..]))
}

/// Where the last private key of `text` begins. SSH2 has four dashes and a blank.
pub(super) fn key_begin(text: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(text, b"-----BEGIN ").or_else(|| memchr::memmem::rfind(text, b"---- BEGIN "))
}

/// Whether a line ends a private key.
pub(super) fn closes_key(line: &[u8]) -> bool {
    [&b"-----END"[..], b"---- END"].iter().any(|mark| memchr::memmem::find(line, mark).is_some())
}

/// Where a private key ends that begins with `text`: behind its last mark, else behind its last line.
pub(super) fn key_end(text: &[u8]) -> usize {
    let last = text.len() - text.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
    let mark = memchr::memmem::rfind(text, b"-----END").or_else(|| memchr::memmem::rfind(text, b"---- END"));
    let Some(mark) = mark else { return last };
    let close = memchr::memmem::find(&text[mark + 8..], b"----").map_or(last, |at| mark + 8 + at);
    close + text[close..].iter().take_while(|&&b| b == b'-').count()
}

/// Whether a line may be the middle of a private key: base64, perhaps in quotes and escapes, or a header.
pub(super) fn goes_on(line: &[u8]) -> bool {
    const HEADERS: &[&[u8]] = &[
        b"Proc-Type",
        b"DEK-Info",
        b"Version",
        b"Comment",
        b"Hash",
        b"Charset",
        b"X509",
        b"Bag Attributes",
        b"Key Attributes",
        b"Subject",
    ];
    // Quotes, commas and escaped line ends of source, the bar of a YAML block, the star of a comment.
    let outer = |b: &u8| b.is_ascii_whitespace() || b"\"',;|>&#*+.".contains(b);
    let start = line.iter().position(|b| !outer(b)).unwrap_or(line.len());
    let body = &line[start..];
    let body = &body[..body.iter().rposition(|b| !outer(b)).map_or(0, |at| at + 1)];
    let base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=\\".contains(b);
    body.iter().all(base64) || HEADERS.iter().any(|header| body.starts_with(header))
}
