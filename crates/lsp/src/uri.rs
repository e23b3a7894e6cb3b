//! URIs as far as the server looks into them: a head (`file://`), and a path with `/` between its parts.
//! Not a general parser: what it does not know it keeps as it is.

/// A URI with its path decoded, so that two spellings of one file are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Uri {
    /// Scheme and authority: `file://`, `vscode-vfs://github`, `untitled:`.
    head: String,
    /// The path, decoded.
    path: String,
}

impl Uri {
    /// Reads any text.
    pub(crate) fn parse(text: &str) -> Uri {
        // What follows the path (a version of a virtual file system, a notebook's cell) belongs to the identity.
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let (head, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let at = rest.find('/').unwrap_or(rest.len());
                (format!("{scheme}://{}", &rest[..at]), &rest[at..])
            }
            None => (format!("{scheme}:"), rest),
        };
        Uri { head, path: lower_drive(decode(path)) }
    }

    /// Reads the URI of a folder, which some clients end with a `/`.
    pub(crate) fn of_folder(text: &str) -> Uri {
        let Uri { head, path } = Uri::parse(text);
        Uri { head, path: path.trim_end_matches('/').into() }
    }

    /// The URI as text, encoded.
    pub(crate) fn text(&self) -> String {
        format!("{}{}", self.head, encode(&self.path))
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder that it lies in; `None` at the root.
    pub(crate) fn parent(&self) -> Option<Uri> {
        let (folder, name) = self.path.rsplit_once('/')?;
        if name.is_empty() && folder.is_empty() {
            return None;
        }
        Some(Uri { head: self.head.clone(), path: folder.into() })
    }

    /// The folder itself and those above it, the nearest first.
    pub(crate) fn ancestors(&self) -> impl Iterator<Item = Uri> {
        std::iter::successors(Some(self.clone()), Uri::parent)
    }

    /// What `relative` means in this folder: `/`-separated, `..` goes up, and one that begins with `/` begins anew.
    pub(crate) fn join(&self, relative: &str) -> Uri {
        let mut path =
            if relative.starts_with('/') { String::new() } else { self.path.trim_end_matches('/').to_string() };
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                part => {
                    path.push('/');
                    path.push_str(part);
                }
            }
        }
        Uri { head: self.head.clone(), path }
    }

    /// The path relative to the folder `base`, if it lies below.
    pub(crate) fn below(&self, base: &Uri) -> Option<&str> {
        let rest = self.path.strip_prefix(base.path.trim_end_matches('/'))?;
        (self.head == base.head).then(|| rest.strip_prefix('/')).flatten()
    }

    /// Whether it is the folder `base` or lies below it.
    pub(crate) fn is_in(&self, base: &Uri) -> bool {
        self == base || self.below(base).is_some()
    }

    /// Whether it is git's own, which no scan reads.
    pub(crate) fn is_of_git(&self) -> bool {
        self.path.split('/').any(|part| part == ".git")
    }

    /// Whether it has a folder: an unsaved buffer has none.
    pub(crate) fn has_folder(&self) -> bool {
        self.path.starts_with('/') && !self.head.starts_with("untitled:")
    }
}

/// The path of a `file:` URI on this machine, `/`-separated; `None` for other schemes and other machines.
pub fn file_path(uri: &str) -> Option<String> {
    let uri = Uri::parse(uri);
    let here = uri.head.eq_ignore_ascii_case("file://") || uri.head.eq_ignore_ascii_case("file://localhost");
    let path = if drive(&uri.path) { uri.path[1..].to_string() } else { uri.path };
    here.then_some(path)
}

/// The URI of an absolute path with `/` between its parts.
pub fn file_uri(path: &str) -> String {
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", encode(path))
}

/// Whether a path begins with a drive, as in `/c:/x`.
fn drive(path: &str) -> bool {
    matches!(path.as_bytes(), [b'/', letter, b':', ..] if letter.is_ascii_alphabetic())
}

fn lower_drive(path: String) -> String {
    if drive(&path) { format!("/{}{}", path[1..2].to_ascii_lowercase(), &path[2..]) } else { path }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| (byte as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes what RFC 3986 does not let stand in a path.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_file_are_equal() {
        let check = |one: &str, other: &str| assert_eq!(Uri::parse(one), Uri::parse(other));
        check("file:///c%3A/a%20b", "file:///C:/a b");
        check("file:///a/%C3%A9", "file:///a/é");
        assert_eq!(Uri::parse("file:///a b/é#").text(), "file:///a%20b/%C3%A9%23");
        assert_eq!(file_path("file:///c%3A/x y").as_deref(), Some("c:/x y"));
        assert_eq!(file_path("file:///tmp/%7E").as_deref(), Some("/tmp/~"));
        assert_eq!(file_path("untitled:Untitled-1"), None);
        assert_eq!(file_uri("c:/x y"), "file:///c:/x%20y");
    }

    #[test]
    fn folders_are_found() {
        let base = Uri::parse("file:///srv/app");
        let file = Uri::parse("file:///srv/app/src/a.py");
        assert_eq!(file.below(&base), Some("src/a.py"));
        assert_eq!(Uri::parse("file:///srv/apple/a").below(&base), None);
        assert_eq!(base.join("../x/./y").text(), "file:///srv/x/y");
        assert_eq!(base.join("../../../x").text(), "file:///x");
        let above: Vec<String> = base.ancestors().map(|uri| uri.text()).collect();
        assert_eq!(above, ["file:///srv/app", "file:///srv", "file://"]);
        assert!(!Uri::parse("untitled:Untitled-1").has_folder());
        assert_eq!(Uri::parse("file:///a").below(&Uri::parse("file:///")), Some("a"));
        assert_eq!(Uri::parse("").name(), "");
    }
}
