//! Private keys in PEM and OpenSSH files: what kind they are of, whether a password protects them, and whether the
//! public half stands beside them. Not here: the places that hold one (`rules/`), or formats without an envelope.

use std::ops::Range;

use super::{base64url, fact};
use keylint_diagnostics::{Evidence, EvidenceKind};
use memchr::memmem;

/// What a key file says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeyFile {
    /// `RSA key of 2048 bits`, where it can be told.
    kind: Option<String>,
    /// Whether a password protects it, where the envelope or the body says so.
    pub(super) encrypted: Option<bool>,
    /// Why the body is no key, where it could be read.
    pub(super) damage: Option<&'static str>,
    /// What its public half holds, byte for byte; empty where the file does not tell.
    public: Vec<u8>,
}

/// The public half in these bytes tells that a key belongs to it; fewer could stand anywhere.
const SHORTEST_PUBLIC: usize = 32;

impl KeyFile {
    /// Reads a file from `-----BEGIN` on.
    pub(super) fn read(text: &[u8]) -> KeyFile {
        let Some(envelope) = Envelope::read(text) else { return KeyFile::default() };
        let Some(body) = &envelope.body else { return KeyFile::default() };
        if envelope.label == b"OPENSSH PRIVATE KEY" {
            return open_ssh(body);
        }
        if envelope.encrypted || envelope.label.starts_with(b"PGP") {
            return KeyFile { encrypted: envelope.encrypted.then_some(true), ..KeyFile::default() };
        }
        distinguished(body)
    }

    /// Evidence for the kind of key, and for damage.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let told = self.kind.iter().cloned().chain(self.damage.map(str::to_string));
        told.map(|text| fact(EvidenceKind::Structure, text)).collect()
    }

    /// What the public half of this key is, if it stands in `text` near the key at `span`.
    pub(super) fn beside(&self, text: &[u8], span: Range<usize>) -> Option<Evidence> {
        let near = span.start.saturating_sub(NEAR)..text.len().min(span.end + NEAR);
        let pieces = [(near.start..span.start), (span.end..near.end)];
        let found = pieces.into_iter().find_map(|piece| self.public_half(text.get(piece)?))?;
        Some(fact(EvidenceKind::Partner, format!("its {found} stands in the same document")))
    }

    /// What in `text` is the public half of this key.
    pub(super) fn public_half(&self, text: &[u8]) -> Option<&'static str> {
        if self.public.len() < SHORTEST_PUBLIC { None } else { public_half(text, &self.public) }
    }
}

/// How far from a key its public half is looked for: a bundle of some certificates fits, and so does the margin that a
/// streamed document is seen with, also in UTF-32.
const NEAR: usize = 8 * 1024;
/// Blocks that are decoded for one key.
const MAX_BLOCKS: usize = 8;
/// Longest public block: a certificate with many names.
const LONGEST_BLOCK: usize = 8 * 1024;

/// Which block or line in `text` holds the bytes of the public half.
fn public_half(text: &[u8], public: &[u8]) -> Option<&'static str> {
    let holds = |bytes: &[u8]| memmem::find(bytes, public).is_some();
    let mut blocks = memmem::find_iter(text, &b"-----BEGIN "[..]).take(4 * MAX_BLOCKS).filter_map(|at| {
        let block = &text[at..text.len().min(at + LONGEST_BLOCK)];
        let name = match Envelope::label(block)? {
            b"CERTIFICATE" | b"TRUSTED CERTIFICATE" => "certificate",
            b"CERTIFICATE REQUEST" => "certificate request",
            b"PUBLIC KEY" | b"RSA PUBLIC KEY" => "public key",
            _ => return None,
        };
        Some((name, block))
    });
    let block = blocks
        .by_ref()
        .take(MAX_BLOCKS)
        .find(|(_, block)| Envelope::read(block).and_then(|envelope| envelope.body).is_some_and(|body| holds(&body)));
    if let Some((name, _)) = block {
        return Some(name);
    }
    // `ssh-ed25519 AAAA… comment`: what is encoded begins with the length of its own name, hence the letters.
    let mut lines = memmem::find_iter(text, &b" AAAA"[..]).take(MAX_BLOCKS);
    let line = lines.find(|&at| {
        let run = &text[at + 1..text.len().min(at + LONGEST_BLOCK)];
        let end = run.iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'+' | b'/')).unwrap_or(run.len());
        base64url(&run[..end]).is_some_and(|bytes| holds(&bytes))
    });
    line.map(|_| "public key")
}

/// A PEM block.
struct Envelope<'a> {
    label: &'a [u8],
    /// Whether a header or the label says that the body is encrypted.
    encrypted: bool,
    /// `None` where it is not base64.
    body: Option<Vec<u8>>,
}

impl<'a> Envelope<'a> {
    /// What stands between `-----BEGIN ` and the dashes after it.
    fn label(text: &'a [u8]) -> Option<&'a [u8]> {
        let rest = text.strip_prefix(b"-----BEGIN ")?;
        let end = memmem::find(&rest[..rest.len().min(64)], b"-----")?;
        Some(&rest[..end])
    }

    /// Takes off what string literals, lists and comments put around the lines.
    fn read(text: &'a [u8]) -> Option<Envelope<'a>> {
        let label = Envelope::label(text)?;
        let inside = &text[b"-----BEGIN -----".len() + label.len()..];
        let end = memmem::find(inside, b"-----END ").unwrap_or(inside.len());
        let mut encrypted = label.starts_with(b"ENCRYPTED");
        let mut body = Vec::with_capacity(end);
        for line in lines(&inside[..end]) {
            if memmem::find(line, b": ").is_some() {
                encrypted |= memmem::find(line, b"ENCRYPTED").is_some();
            } else {
                body.extend_from_slice(line);
            }
        }
        Some(Envelope { label, encrypted, body: base64url(&body) })
    }
}

/// The lines of a block, also where it stands in a string literal with `\n` for their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.iter().position(|b| matches!(b, b'\n' | b'\r' | b'\\')).unwrap_or(text.len());
        // The letter after a backslash is the escape's; a backslash may be escaped itself.
        let slashes = text[end..].iter().take_while(|&&b| b == b'\\').count();
        let after = &text[end + slashes..];
        let escape = text.get(end) == Some(&b'\\') && matches!(after.first(), Some(b'n' | b'r' | b't'));
        rest = text.get(end).map(|_| if escape { &after[1..] } else { &text[end + 1..] });
        Some(bare(&text[..end]))
    })
}

/// A line without quotes, operators and marks around it. A `+` belongs to the body where no quote stands beside it.
fn bare(line: &[u8]) -> &[u8] {
    let around = |b: &u8| {
        b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b';' | b'|' | b'>' | b'&' | b'#' | b'*' | b'.')
    };
    let start = line.iter().position(|b| !around(b)).unwrap_or(line.len());
    let end = line.iter().rposition(|b| !around(b)).map_or(start, |last| last + 1);
    let mut inner = &line[start..end];
    if let Some(rest) = inner.strip_prefix(b"+").filter(|rest| rest.is_empty() || around(&rest[0])) {
        return bare(rest);
    }
    if let Some(rest) = inner.strip_suffix(b"+").filter(|rest| rest.last().is_some_and(around)) {
        inner = rest;
        return bare(inner);
    }
    inner
}

/// A key in the format of OpenSSH, `PROTOCOL.key` in its sources.
fn open_ssh(body: &[u8]) -> KeyFile {
    let Some(rest) = body.strip_prefix(b"openssh-key-v1\0") else {
        return KeyFile { damage: Some("the body is no OpenSSH key: damaged, or made up"), ..KeyFile::default() };
    };
    let mut rest = rest;
    let (Some(cipher), Some(_derivation), Some(_options)) = (text(&mut rest), text(&mut rest), text(&mut rest)) else {
        return KeyFile { damage: Some("cut off"), ..KeyFile::default() };
    };
    let encrypted = Some(cipher != b"none");
    let public = rest.split_at_checked(4).and_then(|(_, after)| text(&mut { after })).unwrap_or_default();
    let kind = match text(&mut { public }) {
        Some(b"ssh-ed25519") => Some("Ed25519 key".to_string()),
        Some(b"ssh-rsa") => rsa_bits(public),
        Some(b"ssh-dss") => Some("DSA key".to_string()),
        Some(name) if name.starts_with(b"ecdsa-") => Some("ECDSA key".to_string()),
        Some(name) if name.starts_with(b"sk-") => {
            Some("key in a hardware token; the file alone opens nothing".to_string())
        }
        _ => None,
    };
    KeyFile { kind, encrypted, damage: None, public: public.into() }
}

/// The kind of an RSA key in OpenSSH's form: its name, the exponent, the modulus.
fn rsa_bits(public: &[u8]) -> Option<String> {
    let mut rest = public;
    let (_name, _exponent) = (text(&mut rest)?, text(&mut rest)?);
    Some(rsa(text(&mut rest)?))
}

/// A length in four bytes, and as many bytes.
fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (text, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    *rest = after;
    Some(text)
}

/// What a modulus says of its key.
fn rsa(modulus: &[u8]) -> String {
    let bytes = modulus.iter().skip_while(|byte| **byte == 0).count();
    format!("RSA key of {} bits", bytes * 8)
}

/// Tags of the distinguished encoding rules (X.690) that occur in keys.
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// The public key in an EC key (RFC 5915).
const PUBLIC: u8 = 0xa1;

/// Kinds of keys by their object identifier (RFC 8017, 5480, 8410, 3279).
const ALGORITHMS: &[(&[u8], &str)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], "RSA key"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10], "RSA key"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], "EC key"),
    (&[0x2b, 0x65, 0x70], "Ed25519 key"),
    (&[0x2b, 0x65, 0x71], "Ed448 key"),
    (&[0x2b, 0x65, 0x6e], "X25519 key"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1], "DSA key"),
];

/// A key in DER: PKCS #1, PKCS #8 or SEC 1.
fn distinguished(body: &[u8]) -> KeyFile {
    let damaged = |why| KeyFile { damage: Some(why), ..KeyFile::default() };
    let Some((SEQUENCE, inner, _)) = element(body) else {
        return damaged(if body.first() == Some(&SEQUENCE) && body.len() > 64 {
            "cut off"
        } else {
            "the body is no DER: damaged, or made up"
        });
    };
    let kind = |text: &str| Some(text.to_string());
    match element(inner) {
        // PKCS #8, encrypted: what stands first is the algorithm.
        Some((SEQUENCE, ..)) => KeyFile { encrypted: Some(true), ..KeyFile::default() },
        Some((INTEGER, _version, after)) => match element(after) {
            // PKCS #8: algorithm, then the key in its own form.
            Some((SEQUENCE, algorithm, after)) => {
                let object = element(algorithm).filter(|(tag, ..)| *tag == OBJECT).map(|(_, object, _)| object);
                let name = object.and_then(|object| ALGORITHMS.iter().find(|(known, _)| *known == object));
                let own = element(after).filter(|(tag, ..)| *tag == OCTETS).map(|(_, own, _)| own);
                match (name, own.and_then(element)) {
                    (Some((_, "RSA key" | "EC key")), Some((SEQUENCE, ..))) => distinguished(own.unwrap_or_default()),
                    (name, _) => KeyFile { kind: name.and_then(|(_, name)| kind(name)), ..KeyFile::default() },
                }
            }
            // PKCS #1: modulus, exponent, and so on. A key of DSA has parameters in the same places, six in all.
            Some((INTEGER, modulus, after)) => {
                let modulus = &modulus[modulus.iter().take_while(|byte| **byte == 0).count()..];
                let integers =
                    std::iter::successors(Some(after), |rest| element(rest).map(|(_, _, rest)| rest)).count();
                let name = if integers <= 6 { "DSA key".to_string() } else { rsa(modulus) };
                KeyFile { kind: Some(name), public: modulus.into(), ..KeyFile::default() }
            }
            // SEC 1: the scalar, then parameters and the public point in tagged elements.
            Some((OCTETS, _scalar, mut after)) => {
                let mut public = Vec::new();
                while let Some((tag, content, rest)) = element(after) {
                    if let (PUBLIC, Some((BITS, bits, _))) = (tag, element(content)) {
                        public = bits.get(1..).unwrap_or_default().to_vec();
                    }
                    after = rest;
                }
                KeyFile { kind: kind("EC key"), public, ..KeyFile::default() }
            }
            _ => damaged("the body is no key in DER: damaged, or made up"),
        },
        _ => damaged("the body is no key in DER: damaged, or made up"),
    }
}

/// The first element: its tag, its content, and what follows it.
fn element(text: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, short], rest) = text.split_first_chunk::<2>()?;
    let (length, rest) = match short {
        ..=0x7f => (usize::from(short), rest),
        // Two bytes give the length of any key.
        0x81 | 0x82 => {
            let (long, rest) = rest.split_at_checked(usize::from(short & 3))?;
            (long.iter().fold(0, |value, &byte| value << 8 | usize::from(byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut out = vec![tag];
        match length {
            0..0x80 => out.push(length as u8),
            0x80..0x100 => out.extend([0x81, length as u8]),
            _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        out.extend_from_slice(content);
        out
    }

    fn encode(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let group = |group: &[u8]| {
            let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
            (0..4)
                .map(
                    |at| if at > group.len() { '=' } else { char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]) },
                )
                .collect::<String>()
        };
        bytes.chunks(3).map(group).collect()
    }

    fn pem(label: &str, bytes: &[u8], end: &str) -> String {
        let text = encode(bytes);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64")).collect();
        format!("-----BEGIN {label}-----{end}{}{end}-----END {label}-----", lines.join(end))
    }

    /// Bytes that look random and are the same each time.
    fn noise(length: usize) -> Vec<u8> {
        (0..length as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect()
    }

    fn rsa_key() -> Vec<u8> {
        let integer = |length| der(INTEGER, &noise(length));
        let numbers = [256, 3, 256, 128, 128, 128, 128, 128].map(integer).concat();
        der(SEQUENCE, &[der(INTEGER, &[0]), numbers].concat())
    }

    fn ssh(parts: &[&[u8]]) -> Vec<u8> {
        parts.iter().flat_map(|part| [&(part.len() as u32).to_be_bytes()[..], part].concat()).collect()
    }

    #[test]
    fn keys_tell_their_kind() {
        let check = |text: &str, want: &str| {
            let file = KeyFile::read(text.as_bytes());
            assert_eq!(file.evidence().iter().map(|e| e.text.as_str()).collect::<Vec<_>>(), [want], "{text}");
        };
        let rsa = rsa_key();
        check(&pem("RSA PRIVATE KEY", &rsa, "\n"), "RSA key of 2048 bits");
        check(&pem("RSA PRIVATE KEY", &rsa, "\\n"), "RSA key of 2048 bits");
        check(&pem("RSA PRIVATE KEY", &rsa, "\\n\" +\n  \""), "RSA key of 2048 bits");
        check(&pem("RSA PRIVATE KEY", &rsa, "\n    "), "RSA key of 2048 bits");
        check(&pem("RSA PRIVATE KEY", &rsa, "\n")[..900], "cut off");
        check(&pem("RSA PRIVATE KEY", &noise(300), "\n"), "the body is no DER: damaged, or made up");
        let algorithm = der(SEQUENCE, &der(OBJECT, ALGORITHMS[0].0));
        let eight = der(SEQUENCE, &[der(INTEGER, &[0]), algorithm, der(OCTETS, &rsa)].concat());
        check(&pem("PRIVATE KEY", &eight, "\n"), "RSA key of 2048 bits");
        let algorithm = der(SEQUENCE, &der(OBJECT, &[0x2b, 0x65, 0x70]));
        let edwards = der(SEQUENCE, &[der(INTEGER, &[0]), algorithm, der(OCTETS, &der(OCTETS, &noise(32)))].concat());
        check(&pem("PRIVATE KEY", &edwards, "\n"), "Ed25519 key");
        let curve = der(SEQUENCE, &[der(INTEGER, &[1]), der(OCTETS, &noise(32))].concat());
        check(&pem("EC PRIVATE KEY", &curve, "\n"), "EC key");
    }

    #[test]
    fn an_open_ssh_key_meets_its_public_half() {
        let public = ssh(&[b"ssh-ed25519", &noise(32)]);
        let head = [ssh(&[b"none", b"none", b""]), vec![0, 0, 0, 1], ssh(&[&public])].concat();
        let key = pem("OPENSSH PRIVATE KEY", &[b"openssh-key-v1\0".as_slice(), &head, &noise(120)].concat(), "\n");
        let file = KeyFile::read(key.as_bytes());
        assert_eq!((file.kind.as_deref(), file.encrypted), (Some("Ed25519 key"), Some(false)));
        let own = format!("{key}\nssh-ed25519 {} me@host\n", encode(&public));
        let beside = |text: &str| file.beside(text.as_bytes(), 0..key.len()).map(|evidence| evidence.text);
        assert_eq!(beside(&own).as_deref(), Some("its public key stands in the same document"));
        let other = ssh(&[b"ssh-ed25519", &noise(40)[8..]]);
        assert_eq!(beside(&format!("{key}\nssh-ed25519 {} me@host\n", encode(&other))), None);
    }

    #[test]
    fn a_pem_key_meets_its_certificate() {
        let key = pem("RSA PRIVATE KEY", &rsa_key(), "\n");
        let file = KeyFile::read(key.as_bytes());
        let certificate = |modulus: &[u8]| {
            pem("CERTIFICATE", &der(SEQUENCE, &[der(SEQUENCE, &[5; 90]), der(INTEGER, modulus)].concat()), "\n")
        };
        let beside = |before: &str| {
            let text = format!("{before}\n{key}\n");
            file.beside(text.as_bytes(), before.len() + 1..text.len() - 1).map(|evidence| evidence.text)
        };
        assert_eq!(beside(&certificate(&noise(256))).as_deref(), Some("its certificate stands in the same document"));
        assert_eq!(beside(&certificate(&noise(300)[44..])), None);
    }
}
