//! Reads XML token by token in bounded memory.
//! Not here: what the elements mean.

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use quick_xml::{Reader, XmlVersion, events::Event};

/// The longest token: a cell of a spreadsheet holds 32,767 characters, a paragraph rarely more.
const MAX_TOKEN: usize = 4 << 20;
const TOO_LONG: &str = "a part of its XML is longer than 4 MiB";

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An element begins: its name without a prefix, and its attributes as written.
    Open(String, Attributes),
    /// An element ends.
    Close(String),
    /// Text, a part of what stands between two tags.
    Text(String),
}

/// The attributes of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of the attribute whose name without a prefix is `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let local = |key: &str| key.rsplit_once(':').map_or(key, |(_, local)| local).to_string();
        self.0.iter().find(|(key, _)| local(key) == name).map(|(_, value)| value.as_str())
    }

    /// The value of the attribute whose name, with its prefix, is `name`.
    pub(super) fn exact(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A reader of tokens.
pub(super) struct Xml<'r> {
    reader: Reader<Bounded<BufReader<&'r mut dyn Read>>>,
    buffer: Vec<u8>,
    taken: Rc<Cell<usize>>,
}

impl<'r> Xml<'r> {
    /// Reads `input`.
    pub(super) fn new(input: &'r mut dyn Read) -> Xml<'r> {
        let taken = Rc::new(Cell::new(0));
        let mut reader = Reader::from_reader(Bounded { input: BufReader::new(input), taken: Rc::clone(&taken) });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Xml { reader, buffer: Vec::new(), taken }
    }

    /// The next token; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Token>> {
        loop {
            self.buffer.clear();
            self.taken.set(0);
            return Ok(Some(match self.reader.read_event_into(&mut self.buffer).map_err(wrong)? {
                Event::Eof => return Ok(None),
                Event::Start(start) | Event::Empty(start) => {
                    let mut pairs = Vec::new();
                    for attribute in start.attributes().with_checks(false).flatten() {
                        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                        let value = value.unwrap_or_else(|_| attribute.value.clone()).into_owned();
                        pairs.push((attribute.key.as_ref().to_string(), value));
                    }
                    Token::Open(start.local_name().as_ref().to_string(), Attributes(pairs))
                }
                Event::End(end) => Token::Close(end.local_name().as_ref().to_string()),
                Event::Text(text) => Token::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Token::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Token::Text(entity(&reference)),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            }));
        }
    }
}

/// The character that `&name;` stands for; what is not known stays as it is.
fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    match (number.and_then(char::from_u32), name) {
        (Some(character), _) => character.into(),
        (None, "lt") => "<".into(),
        (None, "gt") => ">".into(),
        (None, "amp") => "&".into(),
        (None, "quot") => "\"".into(),
        (None, "apos") => "'".into(),
        (None, name) => format!("&{name};"),
    }
}

fn wrong(error: quick_xml::Error) -> io::Error {
    match error {
        quick_xml::Error::Io(error) => io::Error::new(error.kind(), error.to_string()),
        _ => super::super::damaged("its XML is damaged"),
    }
}

/// Fails where one token takes too much.
struct Bounded<R> {
    input: R,
    taken: Rc<Cell<usize>>,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken.get() > MAX_TOKEN {
            return Err(io::Error::other(TOO_LONG));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.taken.set(self.taken.get() + length);
        self.input.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut bytes = text.as_bytes();
        let mut xml = Xml::new(&mut bytes);
        let mut out = String::new();
        loop {
            match xml.next() {
                Ok(None) => return out,
                Ok(Some(Token::Open(name, _))) => out += &format!("<{name}>"),
                Ok(Some(Token::Close(name))) => out += &format!("</{name}>"),
                Ok(Some(Token::Text(text))) => out += &text,
                Err(error) => return out + &format!(" error: {error}"),
            }
        }
    }

    #[test]
    fn tokens_lose_prefixes_and_entities() {
        assert_eq!(
            words("<?xml version='1.0'?><w:p><w:t>a&amp;b&#x41;</w:t><w:br/></w:p>"),
            "<p><t>a&bA</t><br></br></p>"
        );
        assert_eq!(words("<t><![CDATA[<x>]]></t>"), "<t><x></t>");
        let mut bytes: &[u8] = b"<c r='A1' r:id='R2' t=\"s\"/>";
        let Ok(Some(Token::Open(_, attributes))) = Xml::new(&mut bytes).next() else { panic!("an element") };
        assert_eq!(
            (attributes.get("id"), attributes.get("t"), attributes.exact("r")),
            (Some("R2"), Some("s"), Some("A1"))
        );
    }

    #[test]
    fn a_token_has_a_limit() {
        let mut endless = io::Cursor::new(b"<a ".to_vec()).chain(io::repeat(b'x'));
        let mut xml = Xml::new(&mut endless);
        assert!(xml.next().is_err_and(|error| error.to_string().contains("longer than")));
    }
}
