//! The braces that a place of a program stands in, and which of them were read in vain: no byte is read more than a few
//! times. Not here: what a literal is.

use super::MAX_LITERAL;

/// So many literals around each other, or one in the other, are read in vain: no policy stands in more that look like one.
const MAX_VAIN: usize = 8;

/// An opening brace or bracket whose end has not come.
#[derive(Clone, Copy, Debug)]
struct Open {
    at: u32,
    brace: bool,
    /// Whether a literal was read from it.
    read: bool,
    /// How many of those around it were read, and of those one in the other that it holds.
    around: u8,
    within: u8,
}

/// What is open at a place that moves forward.
#[derive(Debug)]
pub(super) struct Braces<'t> {
    bytes: &'t [u8],
    at: usize,
    open: Vec<Open>,
    /// A statement of the program ended here: no literal holds that.
    ended: u32,
    /// Where the literals that were read end, of those that end behind the place.
    ends: Vec<usize>,
}

impl<'t> Braces<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Braces<'t> {
        Braces { bytes, at: 0, open: Vec::new(), ended: 0, ends: Vec::new() }
    }

    /// The brace that `at` stands in, where a literal is worth reading from it. Each place lies behind the one before.
    pub(super) fn around(&mut self, at: usize) -> Option<usize> {
        let bytes = self.bytes;
        for (index, byte) in bytes[self.at..at].iter().enumerate() {
            self.pass(self.at + index, *byte);
        }
        self.at = at;
        self.ends.retain(|end| *end > at);
        let last = self.open.last()?;
        let near = at - last.at as usize <= MAX_LITERAL && last.at >= self.ended;
        let worth = usize::from(last.around.saturating_add(last.within)).max(self.ends.len()) < MAX_VAIN;
        (last.brace && !last.read && near && worth).then_some(last.at as usize)
    }

    /// A literal was read from the brace that was given last, up to `end`.
    pub(super) fn read(&mut self, end: usize) {
        self.ends.push(end);
        self.open.iter_mut().rev().take(1).for_each(|last| last.read = true);
    }

    fn pass(&mut self, at: usize, byte: u8) {
        match byte {
            b'{' | b'[' => {
                // The first ones are further away than a literal is long.
                if self.open.len() > 2 * MAX_LITERAL {
                    self.open.drain(..MAX_LITERAL);
                }
                let around = self.open.last().map_or(0, |last| last.around.saturating_add(u8::from(last.read)));
                self.open.push(Open { at: at as u32, brace: byte == b'{', read: false, around, within: 0 });
            }
            b'}' | b']' => {
                let Some(closed) = self.open.pop() else { return };
                if let Some(last) = self.open.last_mut() {
                    last.within = last.within.max(closed.within.saturating_add(u8::from(closed.read)));
                }
            }
            b';' => self.ended = at as u32,
            _ => {}
        }
    }
}
