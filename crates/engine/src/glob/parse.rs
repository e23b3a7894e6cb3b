//! Reads the text of a glob. Not here: what its parts fit (`glob.rs`).

use std::{iter::Peekable, str::Chars};

use super::Token;

/// The tokens of a glob. `lenient` lets a `[` that nothing closes stand for itself.
pub(super) fn tokens(pattern: &str, lenient: bool) -> Result<Vec<Token>, String> {
    let parts = vec![Vec::new()];
    let parser =
        Parser { letters: pattern.chars().peekable(), last: None, open: Vec::new(), parts, lenient, unclosed: false };
    parser.all().map_err(|reason| format!("the glob `{}`: {reason}", pattern.escape_debug()))
}

struct Parser<'g> {
    letters: Peekable<Chars<'g>>,
    /// The letter that was read last, and the one before it.
    last: Option<(Option<char>, char)>,
    /// For each `{` that is open, how many parts there were.
    open: Vec<usize>,
    /// The parts that are being read; the innermost is the last.
    parts: Vec<Vec<Token>>,
    /// Whether a `[` that nothing closes stands for itself.
    lenient: bool,
    /// Whether there was one: then nothing closes any other.
    unclosed: bool,
}

/// How deep `{` may stand in each other: reading and fitting them goes as deep. globset has the same order of limit.
const DEPTH: usize = 100;

impl Parser<'_> {
    fn all(mut self) -> Result<Vec<Token>, String> {
        while let Some(letter) = self.next() {
            let token = match letter {
                '?' => Token::Any,
                '*' => {
                    self.stars();
                    continue;
                }
                '[' if !self.unclosed => self.class()?,
                '{' if self.open.len() == DEPTH => return Err(format!("more than {DEPTH} `{{` in each other")),
                '{' => {
                    self.open.push(self.parts.len());
                    self.parts.push(Vec::new());
                    continue;
                }
                '}' => {
                    let first = self.open.pop().ok_or("a `}` without a `{`")?;
                    Token::Either(self.parts.split_off(first))
                }
                ',' if !self.open.is_empty() => {
                    self.parts.push(Vec::new());
                    continue;
                }
                '\\' => Token::Literal(self.next().ok_or("a `\\` at the end")?),
                letter => Token::Literal(letter),
            };
            self.push(token);
        }
        if !self.open.is_empty() {
            return Err("a `{` without a `}`".into());
        }
        Ok(self.parts.pop().unwrap_or_default())
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.letters.next();
        self.last = letter.map(|letter| (self.last.map(|(_, last)| last), letter)).or(self.last);
        letter
    }

    fn push(&mut self, token: Token) {
        if let Some(part) = self.parts.last_mut() {
            part.push(token);
        }
    }

    /// Behind a `*`: `**` speaks of folders where it stands alone between slashes.
    fn stars(&mut self) {
        let before = self.last.and_then(|(before, _)| before);
        if self.letters.next_if_eq(&'*').is_none() {
            return self.push(Token::Many);
        }
        self.last = Some((Some('*'), '*'));
        let slash = self.letters.peek() == Some(&'/');
        let empty = self.parts.last().is_none_or(Vec::is_empty);
        let inner = self.parts.len() > 1;
        if empty && (slash || self.letters.peek().is_none()) {
            self.next();
            return self.push(Token::AnyFolders);
        }
        let starts = before == Some('/') || inner && matches!(before, Some(',' | '{'));
        let ends = match self.letters.peek() {
            None => true,
            Some(',' | '}') => inner,
            Some(letter) => *letter == '/',
        };
        if empty || !starts || !ends {
            self.push(Token::Many);
            return self.push(Token::Many);
        }
        if slash {
            self.next();
        }
        let own = if slash { Token::Between } else { Token::Inside };
        // The slash before it is part of it.
        let before = self.parts.last_mut().and_then(Vec::pop);
        self.push(before.filter(|token| matches!(token, Token::AnyFolders | Token::Inside)).unwrap_or(own));
    }

    /// Behind a `[`.
    fn class(&mut self) -> Result<Token, String> {
        let start = (self.letters.clone(), self.last);
        let negated = self.letters.next_if(|letter| matches!(letter, '!' | '^')).is_some();
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut ranged = false;
        loop {
            let Some(letter) = self.next() else {
                (self.letters, self.last) = start;
                self.unclosed = true;
                return if self.lenient { Ok(Token::Literal('[')) } else { Err("a `[` without a `]`".into()) };
            };
            match (letter, ranges.last_mut()) {
                (']', Some(_)) => break,
                ('-', Some(_)) if !ranged => ranged = true,
                (_, Some(range)) if ranged => {
                    range.1 = letter;
                    if range.0 > letter {
                        return Err(format!("the range `{}-{letter}` is empty", range.0));
                    }
                    ranged = false;
                }
                _ => ranges.push((letter, letter)),
            }
        }
        if ranged {
            ranges.push(('-', '-'));
        }
        Ok(Token::Class { negated, ranges })
    }
}
